"""What can happen to calls and visits, and how the timeline words it."""
