# also without git
# A loose object whose bytes are not those that its name says.
oid=$(git rev-parse HEAD:solutions/shop.yaml)
other=$(echo 'kind: Evil' | blob)
cp -f ".git/objects/$(echo "$other" | cut -c1-2)/$(echo "$other" | cut -c3-)" ".git/objects/$(echo "$oid" | cut -c1-2)/$(echo "$oid" | cut -c3-)"
