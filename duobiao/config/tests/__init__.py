"""Tests of settings, the database connection and the command line."""
