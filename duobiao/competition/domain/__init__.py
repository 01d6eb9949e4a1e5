"""Pure rules of comparison, of the investment matrix, and of what records about rivals prove."""
