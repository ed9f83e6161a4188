# also without git
commit_entry 160000 "$(git rev-parse HEAD)" solutions/evil
