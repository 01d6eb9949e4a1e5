"""Files people add to records, kept once and hashed."""
