"""What the fixtures of the root ``conftest.py`` are made of."""
