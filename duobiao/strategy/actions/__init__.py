"""Use cases of strategies and contingency plans."""
