# also without git
git update-ref 'refs/heads/--upload-pack=touch ${MARK}' HEAD 2>/dev/null || true
mkdir -p .git/refs/heads && git rev-parse HEAD > ".git/refs/heads/--upload-pack=x"
