"""Gate reviews at the control points of a deal: who looked at what, what was decided, on which conditions."""
