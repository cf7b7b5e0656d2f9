"""What a decision is: the library of facts, results and trees, guards, answers, and the walk that interprets them."""
