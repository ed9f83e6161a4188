mkdir "$OUTSIDE/state" && ln -s "$OUTSIDE/state" .heliostat
