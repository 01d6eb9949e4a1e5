"""Pure rules of finding customers."""
