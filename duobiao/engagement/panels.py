"""What calls and visits put into the pages of deals and customers."""


def register() -> None:
    """Register the panels once, at start."""
