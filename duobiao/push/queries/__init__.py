"""Reads of pushing."""
