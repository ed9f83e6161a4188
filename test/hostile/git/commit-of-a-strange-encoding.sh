# also without git
git update-ref refs/heads/main "$(printf 'tree %s\nparent %s\nauthor A <a@b> 1 +0000\ncommitter C <c@d> 1 +0000\nencoding ../../etc/passwd\n\nx\n' "$(tree)" "$(git rev-parse HEAD)" | git hash-object -t commit -w --literally --stdin)"
