"""Reads of confirmations: by the token of a link, and those of a record."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.identity.domain.tokens import token_digest
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Confirmation, Proof, Standing

RELATED = ("opportunity__owner", "customer", "contact", "asked_by", "ended_by")
OVER = frozenset({Standing.EXPIRED, Standing.REVOKED, Standing.DROPPED})


@dataclass(frozen=True, slots=True)
class Found:
    """What a token leads to.

    Attributes:
        confirmation: None where the link does not work; the holder is not told why.
        why: For the security log: ``"unknown"``, or what has become of it.
    """

    confirmation: Confirmation | None
    why: str = ""


def by_token(token: str, *, now: datetime) -> Found:
    """Find what a link stands for; unknown, expired and revoked links take the same way and the same query."""
    row = Confirmation.objects.select_related("opportunity", "customer").filter(digest=token_digest(token)).first()
    if row is None:
        return Found(None, "unknown")
    standing = row.standing(now)
    gone = standing in OVER or (row.expires_at is not None and row.expires_at <= now)
    return Found(None, str(standing).lower()) if gone else Found(row)


def confirmations_of(source: Ref) -> list[Confirmation]:
    """Return the confirmations of a record, newest first; two queries for any number."""
    rows = Confirmation.objects.filter(source_kind=source.kind, source_ref=source.ref)
    return list(rows.select_related(*RELATED).prefetch_related("documents").order_by("-asked_at", "-pk"))


def confirmation_of(source: Ref, ref: str) -> Confirmation:
    """Return one confirmation of a record.

    Raises:
        NotFound: the record has none of this reference.
    """
    rows = Confirmation.objects.filter(source_kind=source.kind, source_ref=source.ref, ref=ref)
    if (found := rows.select_related(*RELATED).first()) is None:
        raise NotFound(_("There is no such record."))
    return found


def unverified_of(*confirmations: Confirmation) -> list[Proof]:
    """Return the live proofs of confirmations that wait for a second person."""
    rows = Proof.objects.filter(
        source_kind=Confirmation.kind,
        source_ref__in=[row.ref for row in confirmations],
        is_unverified=True,
        retracted_on=None,
    )
    return list(rows.select_related("opportunity__owner", "contact").order_by("pk"))
