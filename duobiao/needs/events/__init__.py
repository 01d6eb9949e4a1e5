"""What can happen to needs and objections, and how the timeline words it."""

from duobiao.needs.events import needs, objections

__all__ = ["needs", "objections"]
