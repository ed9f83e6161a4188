applied
chown -R 12345 .heliostat
