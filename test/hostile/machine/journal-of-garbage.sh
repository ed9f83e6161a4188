applied
head -c 100000 /dev/urandom > "$(JOURNAL)"
