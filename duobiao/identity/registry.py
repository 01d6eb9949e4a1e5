"""What capabilities above register with administration: further doors on its first page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Door:
    """One place of administration."""

    title: object
    text: object
    icon: str
    url_name: str
    permission: str


_doors: list[Door] = []


def register_door(door: Door) -> None:
    """Show a further place on the first page of administration."""
    if door not in _doors:
        _doors.append(door)


def registered_doors() -> list[Door]:
    """Return the further places in the order they were registered."""
    return list(_doors)
