applied
J=$(JOURNAL); rm -f "$J" && mkdir "$J"
