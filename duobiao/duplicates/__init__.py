"""Records that may be the same one twice: proposed with score and reasons, merged side by side, parted again within 30 days.

Knows no customer and no deal: each capability registers a kind (``registry.DuplicateKind``) with how its records are
compared, merged and shown.
"""
