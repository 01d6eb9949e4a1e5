"""Pages composed of many capabilities."""
