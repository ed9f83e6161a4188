# also without git
printf 'ref: ../../outside/secret\n' > .git/HEAD
