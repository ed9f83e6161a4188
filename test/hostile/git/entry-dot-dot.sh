# also without git
commit_tree "$(with_entry 40000 .. "$(tree)")"
