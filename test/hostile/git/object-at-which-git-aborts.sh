# also without git
# Git 2.39 takes these first bytes of a loose object for zlib's, and ends by SIGABRT: "BUG: zlib.c: total_in mismatch".
# It is this one object that cannot be read, not the repository.
tree=$({ entry 40000 host "$(tree)"; git cat-file tree HEAD:; } | raw_tree)
commit_tree "$tree"
file=".git/objects/$(echo "$tree" | cut -c1-2)/$(echo "$tree" | cut -c3-)"
chmod u+w "$file"
{ printf '\050'; git cat-file tree "$tree"; } > "$file.new" 2>/dev/null && mv -f "$file.new" "$file"
