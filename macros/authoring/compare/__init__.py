"""What a change of the decisions does, for every set of answers: two versions side by side."""
