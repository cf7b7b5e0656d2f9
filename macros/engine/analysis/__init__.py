"""What can still happen: every journey that a tree allows, and what a reader's answers leave open."""
