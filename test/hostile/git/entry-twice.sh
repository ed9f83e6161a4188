# also without git
# One path, two contents: which of them counts must not depend on who looks.
commit_tree "$(with_entry 40000 solutions "$(git mktree </dev/null)")"
