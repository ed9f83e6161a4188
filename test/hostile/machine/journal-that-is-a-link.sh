applied
J=$(JOURNAL); mv "$J" "$OUTSIDE/journal"; ln -s "$OUTSIDE/journal" "$J"
