# also without git
commit_tree "$(printf 'no tree at all' | raw_tree)"
