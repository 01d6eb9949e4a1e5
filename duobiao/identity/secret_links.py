"""Secret links: who holds one may use it without signing in; whoever tries links that do not work is slowed down."""

import logging

from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.http import HttpRequest

from duobiao.kernel.refusals import Refusal

logger = logging.getLogger("duobiao.security")
ACTION = "secret_link"


class TooManyAttempts(Refusal):
    """Too many links that do not work were tried from this address (429)."""

    code = "too_many_attempts"
    status = 429


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from, as far as trusted proxies tell."""
    return get_client_ip(request) or ""


def may_try(request: HttpRequest) -> bool:
    """Say whether this address may try a link, whether it works or not."""
    return _consume(request, dry_run=True)


def note_failure(request: HttpRequest, *, what: str, why: str) -> None:
    """Count a link that did not work, and write it into the security log; the link itself is not written.

    Args:
        what: What kind of link it was.
        why: What was wrong with it; the holder is not told.
    """
    _consume(request, dry_run=False)
    logger.warning("%s link refused: %s, from %s", what, why, address_of(request))


def _consume(request: HttpRequest, *, dry_run: bool) -> bool:
    rates = {ACTION: settings.LINK_FAILURE_RATES}
    usage = consume(request, app="duobiao", action=ACTION, config=rates, dry_run=dry_run, limit_get=True)
    return usage is not None
