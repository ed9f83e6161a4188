# also without git
printf 'ref: refs/heads/b\n' > .git/refs/heads/a
printf 'ref: refs/heads/a\n' > .git/refs/heads/b
