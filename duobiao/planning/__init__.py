"""Sheets with which a customer, an industry or a project is understood, and the yearly plan of an account."""
