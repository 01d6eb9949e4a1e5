"""Customers and their people: profiles, completeness, merge, trash."""
