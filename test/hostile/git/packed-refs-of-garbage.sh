# also without git
printf '# pack-refs with: peeled fully-peeled sorted\nnot a line\n%s refs/heads/../../evil\n^^^\n\0\0\n' "$(git rev-parse HEAD)" > .git/packed-refs
