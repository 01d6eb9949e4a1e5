"""Forms of strategies and contingency plans."""
