# also without git
git rm -q --cached heliostat.yaml
commit_entry 120000 "$(printf '%s' "$OUTSIDE/secret" | blob)" heliostat.yaml
