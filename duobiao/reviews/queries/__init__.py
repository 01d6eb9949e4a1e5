"""Reads of gate reviews."""
