head -c 50000000 /dev/zero | tr '\0' a > heliostat.config.yaml
