blob=$(echo x | blob)
commit_tree "$({ git ls-tree HEAD; printf '040000 tree %s\td\n' "$(seq 100000 | sed "s/.*/100644 blob $blob\tf&/" | git mktree)"; } | git mktree)"
