"""Pages of pushing."""
