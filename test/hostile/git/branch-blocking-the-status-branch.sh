git branch heliostat
