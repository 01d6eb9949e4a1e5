"""Reads of customers and contacts."""
