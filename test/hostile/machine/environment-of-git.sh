mkdir "$OUTSIDE/other" && git init -q "$OUTSIDE/other"
