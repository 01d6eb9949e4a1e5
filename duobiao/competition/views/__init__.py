"""Pages about rivals and the investment matrix."""
