# also without git
commit_tree "$(with_entry 100644 solutions/evil.yaml "$(echo x | blob)")"
