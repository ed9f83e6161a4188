# also without git
{ printf 'tree %s\n' "$(tree)"; yes "parent $(git rev-parse HEAD)" | head -1000; printf 'author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n'; } > .git/c
git update-ref refs/heads/main "$(git hash-object -t commit -w --literally .git/c)"
