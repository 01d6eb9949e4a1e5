"""Use cases of the decision chain."""
