"""Pure rules of gate reviews."""
