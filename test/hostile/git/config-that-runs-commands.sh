for key in core.fsmonitor core.pager core.sshCommand core.editor core.askPass diff.external \
  pager.log pager.rev-parse pager.ls-files gpg.program gpg.ssh.program credential.helper core.gitProxy \
  filter.evil.clean filter.evil.smudge filter.evil.process diff.evil.textconv merge.evil.driver \
  uploadpack.packObjectsHook core.alternateRefsCommand sequence.editor alias.cat-file alias.ls-files; do
  git config "$key" "touch $MARK; false"
done
git config log.showSignature true
git config filter.evil.required true
git config core.untrackedCache true
git config core.hooksPath "$PWD/hooks"
mkdir hooks
for hook in post-index-change reference-transaction pre-commit post-checkout pre-auto-gc fsmonitor-watchman; do
  printf '#!/bin/sh\ntouch %s\n' "$MARK" > "hooks/$hook"
  cp "hooks/$hook" ".git/hooks/$hook"
  chmod +x "hooks/$hook" ".git/hooks/$hook"
done
printf '* filter=evil diff=evil merge=evil\n' > .gitattributes
cp .gitattributes .git/info/attributes
touch solutions/shop.yaml
