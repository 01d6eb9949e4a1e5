"""Forms of gate reviews."""
