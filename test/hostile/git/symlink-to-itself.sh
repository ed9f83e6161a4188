ln -s loop.yaml solutions/loop.yaml
git add solutions/loop.yaml && git commit -q -m 'A hostile commit'
