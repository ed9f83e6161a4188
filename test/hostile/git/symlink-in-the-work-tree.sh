ln -s "$OUTSIDE/secret" solutions/evil.yaml
