"""The timeline: one audit entry per write, notifications, comments; events reach their handlers here.

Used by every capability that writes. It knows people only as foreign keys and records only as references, so
that even the acts of administrators can be kept by it. It is not a message bus: handlers run at once, in the
same transaction.
"""
