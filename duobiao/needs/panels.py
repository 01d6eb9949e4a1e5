"""What needs put into the pages of others: the tab of a deal."""
def register() -> None:
    """Put the panels into their slots."""
