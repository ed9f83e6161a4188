printf '%s %s\n' "$(git rev-parse HEAD)" 0123456789012345678901234567890123456789 > .git/info/grafts
