"""Forms of the decision chain."""
