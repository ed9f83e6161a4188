# also without git
commit_tree "$({ git ls-tree HEAD | grep -v solutions; } | git mktree)"
commit_tree "$(with_entry 40000 solutions "$(echo 'no tree' | blob)")"
