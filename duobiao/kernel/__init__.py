"""The ground every capability stands on: money, references, refusals, events, days. Pure Python, no Django."""
