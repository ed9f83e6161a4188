# also without git
git config core.worktree "$OUTSIDE"
