# also without git
git update-ref refs/heads/main "$(printf 'tree %s\nparent %s\nauthor A\377 <a@b> 1 +0000\ncommitter C <c@d> 1 +0000\n\n\377\376 \303( \0 no text\n' "$(tree)" "$(git rev-parse HEAD)" | git hash-object -t commit -w --literally --stdin)"
