"""`make bench`: how long a reader waits, beside other pages on the same machine, from the same server.

Times alone say more about a machine than about a site. So what is compared is measured in pairs, ours and the other in
turn, each in a browser with a new profile, and what counts is the ratio. Files go out packed by gzip and with the
headers of the site's own settings. Nothing here passes or fails, and no test command runs it.

`make bench PAIRS=1` is the quick way. `make bench PARTS=pages,sizes` measures those parts alone and keeps the others
as they were last; `PARTS` in __main__.py names them. `SITE=folder` takes a site that is built already. Figures go to
build/bench.json; with SAVE=1 also to docs/about/speed.json, from which the page "How quick it is" is made. A part that
fails is named, and the others are measured all the same.
"""
