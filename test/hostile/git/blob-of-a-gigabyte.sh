big=$(head -c 1073741824 /dev/zero | git -c core.compression=1 -c core.bigFileThreshold=1m hash-object -w --stdin)
commit_entry 100644 "$big" solutions/big.yaml
