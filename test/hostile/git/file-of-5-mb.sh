# also without git
commit_entry 100644 "$(head -c 5000000 /dev/zero | tr '\0' a | blob)" solutions/big.yaml
