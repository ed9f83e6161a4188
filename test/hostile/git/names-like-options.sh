# also without git
commit_entry 100644 "$(echo 'a: 1' | blob)" 'solutions/--upload-pack=x.yaml'
