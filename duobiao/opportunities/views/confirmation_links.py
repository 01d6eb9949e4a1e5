"""The link by which the customer confirms: shown once, as text and as a picture, and mailed if asked for."""

from io import BytesIO

import qrcode
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from duobiao.opportunities.actions.mail_confirmation import mail_link
from duobiao.opportunities.actions.open_confirmation import Asked
from duobiao.web.http import render


def link_of(request: HttpRequest, asked: Asked) -> str:
    """Return the whole address of a link that was just made."""
    return request.build_absolute_uri(reverse("opportunities:confirmation", args=[asked.token]))


def show_link(
    request: HttpRequest, asked: Asked, *, send_mail: bool, nav: str, about: str, back: str, back_label: str
) -> HttpResponse:
    """Show a link that was just made, and mail it where that was asked for; it is never shown again.

    Args:
        nav: Place in the shell.
        about: Name of what is confirmed, which leads back.
    """
    url = link_of(request, asked)
    failed = mail_link(asked.confirmation, url) if send_mail else ""
    context = {
        "confirmation": asked.confirmation,
        "link": url,
        "picture": picture_of(url),
        "mailed": send_mail and not failed,
        "failed": failed,
        "nav": nav,
        "about": about,
        "back": back,
        "back_label": back_label,
    }
    return render(request, "opportunities/confirmation_link.html", context)


def picture_of(url: str) -> str:
    """Return an address as a QR code, as SVG that stands in the page."""
    held = BytesIO()
    qrcode.make(url, image_factory=SvgPathImage, border=2).save(held)
    return held.getvalue().decode().partition("?>")[2].strip()
