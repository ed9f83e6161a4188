big=$(head -c 104857600 /dev/zero | git -c core.compression=1 hash-object -w --stdin)
commit_entry 100644 "$big" solutions/big.yaml
git -c pack.window=0 -c pack.compression=1 repack -adq
