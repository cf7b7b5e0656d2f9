"""Records: what a reader keeps of a result, reads again and compares with today."""
