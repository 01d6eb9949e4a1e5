"""``Idempotency-Key``: a create that is sent again answers what the first sending answered, and acts once.

The key is claimed in a transaction of its own; the answer is written in the transaction of the effect. So a parallel
sending meets the claim (409), a repeated one the answer, and a crash leaves neither effect nor answer.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.identity.api_support import TokenAuth
from duobiao.identity.models import IdempotencyKey, User
from duobiao.kernel.refusals import Conflict, Invalid

HEADER = "Idempotency-Key"
LONGEST = 200
CLAIM_SECONDS = 120
Run = Callable[..., HttpResponse]


class InProgress(Conflict):
    """The same create is being worked on right now (409)."""

    code = "idempotency_in_progress"


class KeyReused(Invalid):
    """The key was used for something else (422)."""

    code = "idempotency_key_reused"


def idempotent(run: Run) -> Run:
    """Honour the header on every POST; applied once to the whole API, routers need nothing."""

    @wraps(run)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER, "")
        if request.method != "POST" or not key or "_idempotent" in request.__dict__:
            return run(request, **kwargs)
        user = TokenAuth()(request)
        if not isinstance(user, User):
            return run(request, **kwargs)
        request.__dict__["_idempotent"] = True
        return _once(request, user, key, lambda: run(request, **kwargs))

    return wrapped


def _once(request: HttpRequest, user: User, key: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    if len(key) > LONGEST or not key.isprintable():
        raise Invalid(_("The idempotency key is too long or unreadable."), fields={HEADER: _("at most 200 characters")})
    now = timezone.now()
    claimed, answer = _claim(user, key, _fingerprint(request), now)
    if answer is not None:
        return answer
    try:
        return _act(claimed, run)
    except BaseException:
        _release(claimed)
        raise


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n".encode())
    for part in _parts(request):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    """Yield what was sent; of a form with files its fields, names and contents, because boundaries differ each time."""
    if not (request.content_type or "").startswith("multipart/"):
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield from (part.encode() for part in (name, *map(str, values)))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield from (name.encode(), (file.name or "").encode())
            yield from file.chunks()
            file.seek(0)


def _claim(user: User, key: str, fingerprint: str, now: datetime) -> tuple[IdempotencyKey, HttpResponse | None]:
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(user=user, key=key, fingerprint=fingerprint, claimed_at=now), None
    except IntegrityError:
        held = IdempotencyKey.objects.filter(user=user, key=key).first()
    if held is None:
        raise InProgress(_("The same request was just withdrawn. Send it again."))
    if held.fingerprint != fingerprint:
        raise KeyReused(_("This idempotency key belongs to another request."), fields={HEADER: _("already used")})
    if held.status:
        return held, _replay(held)
    if now - held.claimed_at < timedelta(seconds=CLAIM_SECONDS):
        raise InProgress(_("The same request is being worked on. Ask again in a moment."))
    taken = IdempotencyKey.objects.filter(pk=held.pk, status=0, claimed_at=held.claimed_at).update(claimed_at=now)
    if not taken:
        raise InProgress(_("The same request is being worked on. Ask again in a moment."))
    held.claimed_at = now
    return held, None


def _act(claimed: IdempotencyKey, run: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        response = run()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        else:
            body = response.content.decode()
            mine = IdempotencyKey.objects.filter(pk=claimed.pk, status=0, claimed_at=claimed.claimed_at)
            if not mine.update(status=response.status_code, body=body):
                raise InProgress(_("Another sending of this request took over. Ask again in a moment."))
    if response.status_code >= 400:
        _release(claimed)
    return response


def _release(claimed: IdempotencyKey) -> None:
    IdempotencyKey.objects.filter(pk=claimed.pk, status=0, claimed_at=claimed.claimed_at).delete()


def _replay(held: IdempotencyKey) -> HttpResponse:
    response = HttpResponse(held.body, status=held.status, content_type="application/json; charset=utf-8")
    response["Idempotent-Replay"] = "true"
    return response
