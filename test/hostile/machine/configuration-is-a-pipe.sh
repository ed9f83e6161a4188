mkfifo heliostat.config.yaml
