"""Use cases of gate reviews, one a file."""
