"""Forms of finding customers."""
