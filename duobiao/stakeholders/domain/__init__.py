"""Pure rules of the decision chain."""
