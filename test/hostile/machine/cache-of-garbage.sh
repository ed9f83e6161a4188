applied
find .heliostat/state -maxdepth 1 -type f | while read -r f; do head -c 100000 /dev/urandom > "$f"; done
find .heliostat/state -path '*cache*' -type f | while read -r f; do head -c 100000 /dev/urandom > "$f"; done
