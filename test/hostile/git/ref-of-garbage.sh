# also without git
head -c 100000 /dev/zero | tr '\0' 'x' > .git/refs/heads/evil
