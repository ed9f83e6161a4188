git checkout -q -b '$(id)'
