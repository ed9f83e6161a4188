# also without git
commit_entry 120000 "$(printf '%s' "$OUTSIDE/secret" | blob)" solutions/evil.yaml
