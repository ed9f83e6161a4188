applied
mkdir -m 777 "$OUTSIDE/open"
printf '%s/open/x.sock\n' "$OUTSIDE" > "$STATE/control.path"
