"""Forms of deals; they check shape, actions decide."""
