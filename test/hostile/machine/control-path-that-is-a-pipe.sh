applied
rm -f "$STATE/control.path" && mkfifo "$STATE/control.path"
