# also without git
commit_entry 100644 "$(git rev-parse HEAD:solutions/shop.yaml)" solutions/SHOP.yaml
