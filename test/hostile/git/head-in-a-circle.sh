# also without git
printf 'ref: HEAD\n' > .git/HEAD
