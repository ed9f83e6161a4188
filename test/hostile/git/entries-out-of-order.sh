# also without git
solutions=$({ entry 100644 z.yaml "$(git rev-parse HEAD:solutions/shop.yaml)"; entry 100644 a.yaml "$(echo x: | blob)"; } | raw_tree)
commit_tree "$({ git ls-tree HEAD | grep -v solutions; printf '040000 tree %s\tsolutions\n' "$solutions"; } | git mktree)"
