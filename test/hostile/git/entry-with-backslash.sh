# also without git
# systemd names its units so: such a name is strange, and leads nowhere on a system where Heliostat runs.
commit_tree "$(with_entry 100644 '..\evil.yaml' "$(echo x | blob)")"
