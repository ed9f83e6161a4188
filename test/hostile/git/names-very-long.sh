# also without git
name=$(head -c 100000 /dev/zero | tr '\0' n)
commit_tree "$({ git ls-tree HEAD | grep -v solutions; printf '040000 tree %s\tsolutions\n' "$({ git ls-tree HEAD:solutions; printf '100644 blob %s\t%s.yaml\n' "$(echo 'a: 1' | blob)" "$name"; } | git mktree)"; } | git mktree)"
