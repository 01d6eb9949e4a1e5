"""What the needs of deals call for: answer objections, verify P0, find the words behind what we assume."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.utils.translation import gettext as _

from duobiao.needs.domain.proving import FOUR_STEPS
from duobiao.needs.domain.steps import LAST_OBJECTION, LAST_VERIFY
from duobiao.needs.models import DealObjection, Need
from duobiao.opportunities.models import Opportunity, SuggestionKind
from duobiao.opportunities.queries.surroundings import Advice

OBJECTION, UNVERIFIED, ASSUMED = "objection", "unverified_p0", "assumed"
PAGES = {OBJECTION: "/objections/{}/", UNVERIFIED: "/needs/{}/", ASSUMED: "/needs/{}/edit/"}
MOST = 2
"""How many of one kind stand on a deal's list: more would push out everything else."""


def advise(deals: Sequence[Opportunity]) -> Sequence[Advice]:
    """Return what the needs of some deals call for, objections first; one query."""
    keys = [deal.pk for deal in deals]
    names = ("opportunity_id", "ref", "text", "what", "since")
    objections = DealObjection.objects.filter(opportunity__in=keys, step__lt=LAST_OBJECTION)
    needs = Need.objects.live().filter(opportunity__in=keys)
    guessed = Q(words="") | Q(said_by=None, source_ref="")
    must = needs.filter(priority="P0", verified_step__lt=LAST_VERIFY).exclude(guessed)
    assumed = needs.filter(guessed, priority__in=("P0", "P1", ""))
    found = [
        _named(rows, what).values_list(*names)
        for rows, what in ((objections, OBJECTION), (must, UNVERIFIED), (assumed, ASSUMED))
    ]
    order = (OBJECTION, UNVERIFIED, ASSUMED)
    rows = sorted(found[0].union(*found[1:], all=True), key=lambda row: (order.index(row[3]), row[4], row[1]))
    taken: dict[tuple[int, str], int] = {}
    shown = []
    for deal, ref, text, what, _since in rows:
        taken[deal, what] = taken.get((deal, what), 0) + 1
        if taken[deal, what] <= MOST:
            shown.append(_advice(deal, ref, text, what))
    return shown


def _wording(what: str, text: str) -> tuple[str, str, str]:
    """Say what to do, why, and what the button says."""
    words = {"text": text}
    if what == OBJECTION:
        return (
            _("Answer the objection: %(text)s") % words,
            _("the customer has not confirmed that it is answered"),
            _("Answer it"),
        )
    if what == UNVERIFIED:
        return _("Verify the need: %(text)s") % words, _("P0, and not all four steps are done"), _("Verify it")
    return (
        _("Find out whether it is so: %(text)s") % words,
        _("assumed by us, without words of the customer"),
        _("Note their words"),
    )


def _named(rows: Any, what: str) -> Any:
    return rows.annotate(
        what=Value(what, output_field=CharField()), since=F("created_at")
    ).order_by()  # fmt: skip


def _advice(deal: int, ref: str, text: str, what: str) -> Advice:
    said, why, label = _wording(what, text)
    return Advice(
        deal_pk=deal,
        key=f"needs.{what}.{ref}",
        what=said,
        why=why,
        url=PAGES[what].format(ref),
        label=label,
        kind=SuggestionKind.ADVICE if what == OBJECTION else SuggestionKind.PROVE,
        level="AMBER" if what == OBJECTION else "",
        facts=text,
        evidence=(FOUR_STEPS,) if what == UNVERIFIED else (),
    )
