"""Pure rules of deals."""
