"""Reads about rivals and the investment matrix."""
