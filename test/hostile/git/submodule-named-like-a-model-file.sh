# also without git
printf '[submodule "x"]\n\tpath = solutions/evil.yaml\n\turl = ext::sh -c "touch %s"\n' "$MARK" > .gitmodules
git add .gitmodules
commit_entry 160000 "$(git rev-parse HEAD)" solutions/evil.yaml
