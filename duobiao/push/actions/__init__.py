"""Use cases of pushing."""
