printf '/nowhere/at/all\n../../../../../etc\n%s\n' "$PWD/.git/objects" > .git/objects/info/alternates
