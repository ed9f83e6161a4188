# also without git
git config core.repositoryformatversion 1
git config extensions.evil true
