applied
printf '{"pid":"x","host":[]' > "$STATE/lock.99"
