"""Forms of sheets and plans."""
