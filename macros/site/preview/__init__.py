"""`make serve`: the site on this machine while it is edited."""
