"""Reads of approvals."""
