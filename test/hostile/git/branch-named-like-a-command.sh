# also without git
git rev-parse HEAD > '.git/refs/heads/$(touch $MARK)'
git rev-parse HEAD > '.git/refs/heads/`id`'
git rev-parse HEAD > '.git/refs/heads/$(id)'
