# also without git
git update-ref refs/heads/main "$(printf 'tree %s\nparent %s\nauthor A <a@b> 99999999999999999999 +9999\ncommitter C <c@d> -99999999999999999999 -0000\n\nThe end of time\n' "$(tree)" "$(git rev-parse HEAD)" | git hash-object -t commit -w --literally --stdin)"
