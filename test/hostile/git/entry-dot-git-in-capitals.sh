# also without git
commit_tree "$(with_entry 100644 .GiT "$(echo x | blob)")"
