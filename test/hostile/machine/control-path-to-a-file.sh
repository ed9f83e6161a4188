applied
chmod 700 "$OUTSIDE"
printf '%s/secret\n' "$OUTSIDE" > "$STATE/control.path"
