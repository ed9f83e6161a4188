# also without git
oid=$(tree)
file=".git/objects/$(echo "$oid" | cut -c1-2)/$(echo "$oid" | cut -c3-)"
chmod u+w "$file" && : > "$file"
