"""Pages of sheets and plans."""
