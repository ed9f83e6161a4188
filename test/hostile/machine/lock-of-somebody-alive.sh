applied
printf '{"pid":1,"startTime":null,"boot":%s,"host":"%s","since":1e99,"what":"\\u001b[2J::set-output name=x::"}\n' "\"$(cat /proc/sys/kernel/random/boot_id)\"" "$(node -p 'os.hostname()')" > "$STATE/lock.99"
