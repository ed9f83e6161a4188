# also without git
commit_tree "$(with_entry 100644 '' "$(echo x | blob)")"
