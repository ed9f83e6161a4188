# also without git
git rev-parse HEAD >/dev/null
printf 'parent %s\n\nx\n' "$(git rev-parse HEAD)" | git hash-object -t commit -w --literally --stdin > .git/refs/heads/main
