# also without git
mkdir -p .git/refs/heads/heliostat .git/refs/notes
touch .git/index.lock .git/HEAD.lock .git/config.lock .git/packed-refs.lock .git/refs/heads/main.lock
