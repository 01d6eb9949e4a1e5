"""Use cases about rivals and the investment matrix."""
