"""Reads of leads, pools and campaigns."""
