commit_entry 100644 "$(node "$HOSTILE/support/zeros.mjs" .git/objects)" solutions/big.yaml
