"""Forms about rivals and the investment matrix."""
