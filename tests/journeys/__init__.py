"""Journeys in a real browser: what a person does from beginning to end, and every page on the way accessible."""
