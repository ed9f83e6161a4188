# also without git
commit_entry 100644 "$(echo 'a: 1' | blob)" "$(printf 'solutions/\033[2J\n::set-output name=x::.yaml')"
