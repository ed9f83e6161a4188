# also without git
commit_tree "$({ git ls-tree -z HEAD | grep -zv solutions; printf '040000 tree %s\tsolutions\0' "$({ git ls-tree -z HEAD:solutions; printf '100644 blob %s\t\377\376evil.yaml\0' "$(echo 'a: 1' | blob)"; } | git mktree -z)"; } | git mktree -z)"
