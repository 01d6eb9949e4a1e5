"""Reads of strategies and contingency plans."""
