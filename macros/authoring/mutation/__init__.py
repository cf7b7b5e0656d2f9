"""Mutation: spoils the trees in every place, to see that somebody notices."""
