"""Pure rules of pushing."""
