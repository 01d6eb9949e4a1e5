"""Forms of calls and visits; they check shape, actions decide."""
