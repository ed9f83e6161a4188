applied
printf '\0\377\377not a path\n' > "$STATE/control.path"
