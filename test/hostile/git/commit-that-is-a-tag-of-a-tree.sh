# also without git
git tag evil "$(tree)"
