"""Pure rules of the timeline."""
