"""Reads of sheets and plans."""
