"""What integrations put into pages of others."""

from django.http import HttpRequest
from django.template.loader import render_to_string


def door(request: HttpRequest, _subject: object) -> str:
    """Draw the card that leads to imports."""
    return render_to_string("integrations/_door.html", request=request)
