# also without git
commit_tree "$(tree)" "$(printf '# [x](javascript:alert(1)) \033[2J\033]0;owned\a\r\n::set-output name=x::y\n::error::no\n\n| a | <script>alert(1)</script> @everyone \342\200\256gnp')"
