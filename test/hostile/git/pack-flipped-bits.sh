# also without git
git gc -q --prune=now
pack=$(ls .git/objects/pack/*.pack)
chmod u+w "$pack"
printf '\377\377\377\377\377\377\377\377' | dd of="$pack" bs=1 seek=40 conv=notrunc 2>/dev/null
