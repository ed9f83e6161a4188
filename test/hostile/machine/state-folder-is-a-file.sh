printf 'x' > .heliostat
