applied
touch "$STATE/lock.999999999999999"
