rm -rf .git/refs
