"""What editors run: each module is one `make` command."""
