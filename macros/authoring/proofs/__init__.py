"""Safety properties, proved over every set of answers."""
