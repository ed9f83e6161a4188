mkdir elsewhere && printf 'gitdir: %s\n' "$OUTSIDE" > elsewhere/.git
