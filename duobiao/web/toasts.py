"""Where a short message waits for the next page: a cookie that carries the prefix of all our cookies."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class Toasts(CookieStorage):
    """Django's signed cookie under our name."""

    cookie_name = settings.MESSAGE_COOKIE_NAME
