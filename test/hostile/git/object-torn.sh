# also without git
oid=$(git rev-parse HEAD:solutions/shop.yaml)
file=".git/objects/$(echo "$oid" | cut -c1-2)/$(echo "$oid" | cut -c3-)"
chmod u+w "$file" && truncate -s 20 "$file"
