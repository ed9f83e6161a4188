printf '[include]\n\tpath = %s\n[includeIf "gitdir:/"]\n\tpath = config\n[include]\n\tpath = config\n' "$OUTSIDE/secret" >> .git/config
