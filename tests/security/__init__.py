"""Drills: attacks tried, promises kept, figures printed. Each test names its row in docs/reliability.md."""
