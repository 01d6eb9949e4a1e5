"""Composes pages from many capabilities: deal room, customer page, Today. Decides nothing itself."""
