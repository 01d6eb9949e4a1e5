"""Reads of the decision chain."""
