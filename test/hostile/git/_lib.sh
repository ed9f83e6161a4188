# For every case: the folder is a repository with a sound model on main. $OUTSIDE is a folder beside it that holds a
# secret; $MARK is a file that must never come to be.
set -eu
tree() { git rev-parse 'HEAD^{tree}'; }
blob() { git hash-object -w --stdin; }
# A tree from its bytes, which git itself would refuse to make.
raw_tree() { git hash-object -t tree -w --literally --stdin; }
entry() { printf '%s %s\0' "$1" "$2"; printf '%s' "$3" | sed 's/../\\x&/g' | xargs -0 printf '%b'; }
# The tree of HEAD with one more entry at its top: MODE NAME OBJECT, in whatever order.
with_entry() { { git cat-file tree HEAD:; entry "$1" "$2" "$3"; } | raw_tree; }
commit_tree() { git update-ref refs/heads/main "$(git commit-tree -p HEAD -m "${2:-A hostile commit}" "$1")"; }
# Puts MODE OBJECT PATH into the index and commits it; the work tree is left alone.
commit_entry() { git update-index --add --cacheinfo "$1,$2,$3"; git commit -q -m 'A hostile commit'; }
