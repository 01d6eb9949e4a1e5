"""Duobiao 夺标: project-based selling, driven by graded, expiring evidence."""

__version__ = "0.1.0"
