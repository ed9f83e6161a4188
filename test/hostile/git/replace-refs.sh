# With git replace, everybody else sees another tree under the same id.
git config core.useReplaceRefs true
git replace "$(git rev-parse HEAD:solutions/shop.yaml)" "$(echo 'kind: Evil' | blob)"
