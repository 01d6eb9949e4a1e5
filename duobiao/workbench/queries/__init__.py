"""Reads that compose pages from many capabilities."""
