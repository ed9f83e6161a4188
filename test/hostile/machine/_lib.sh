# For every case: the folder is a repository with a sound model on main. `applied` brings it about once, so that there
# is a state folder, $STATE. $OUTSIDE is a folder beside the repository that holds a secret; $MARK must never come to be.
set -eu
STATE=.heliostat/state/prod
applied() { node "$HELIOSTAT" apply --json > /dev/null; }
JOURNAL() { find "$STATE" -name 'journal*' -type f | sort | tail -1; }
