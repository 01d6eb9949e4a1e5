"""Pages of finding customers."""
