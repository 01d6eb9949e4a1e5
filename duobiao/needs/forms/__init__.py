"""Forms of needs."""
