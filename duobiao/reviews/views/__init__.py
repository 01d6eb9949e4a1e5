"""Pages of gate reviews."""
