"""What can happen to calls and visits, and how the timeline words it; whoever loads one part knows all events."""

from duobiao.engagement.events import calls, preparing, reports, visits

__all__ = ["calls", "preparing", "reports", "visits"]
