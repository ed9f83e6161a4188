applied
chmod -R a+rwX .heliostat
