"""What stands on the pages of docs/: clauses, when pages were reviewed, and the tables that go with them."""
