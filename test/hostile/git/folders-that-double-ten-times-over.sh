# The bomb of trees: 30 levels of 10 names that all lead to the same tree, 10^30 files in 32 objects.
at=$(echo x | blob); mode=100644; kind=blob
for level in $(seq 30); do
  at=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '%s %s %s\td%s\n' "$mode" "$kind" "$at" "$i"; done | git mktree); mode=040000; kind=tree
done
commit_tree "$({ git ls-tree HEAD; printf '040000 tree %s\td\n' "$at"; } | git mktree)"
