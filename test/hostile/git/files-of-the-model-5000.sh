blob=$(echo 'a: 1' | blob)
commit_tree "$({ git ls-tree HEAD | grep -v solutions; printf '040000 tree %s\tsolutions\n' "$(seq 5000 | sed "s/.*/100644 blob $blob\tf&.yaml/" | git mktree)"; } | git mktree)"
