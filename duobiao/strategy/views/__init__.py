"""Pages and forms of strategies and contingency plans."""
