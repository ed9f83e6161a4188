truncate -s 1G solutions/big.yaml
