# also without git
at=$(echo x | blob); mode=100644; kind=blob
git cat-file --batch-check </dev/null
for i in $(seq 200); do at=$(printf '%s %s %s\td\n' "$mode" "$kind" "$at" | git mktree); mode=040000; kind=tree; done
commit_tree "$({ git ls-tree HEAD; printf '040000 tree %s\td\n' "$at"; } | git mktree)"
