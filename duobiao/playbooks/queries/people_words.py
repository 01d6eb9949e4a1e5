"""What the people of a purchase, the judgements on them and the cells of the relationship matrix are called."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from duobiao.playbooks.domain.people import Cell, Judged, Of, Who
from duobiao.playbooks.queries.item_words import Words

PEOPLE: dict[Who, Words] = {
    Who.HANDLER: pgettext_lazy("people", "handler"),
    Who.COACH: pgettext_lazy("people", "helper inside"),
    Who.TECHNICAL: pgettext_lazy("people", "technical gatekeeper"),
    Who.USING: pgettext_lazy("people", "using department"),
    Who.TEAM: pgettext_lazy("people", "purchase team"),
    Who.INFLUENCER: pgettext_lazy("people", "key influencer"),
    Who.KEY: pgettext_lazy("people", "final decider and key influencers"),
    Who.DECIDER: pgettext_lazy("people", "final decider"),
    Who.COMMERCIAL: pgettext_lazy("people", "purchasing, finance, legal"),
}
SHARES: dict[Of, Words] = {
    Of.EACH: gettext_lazy("each of them"),
    Of.MAJORITY: gettext_lazy("more than half of them"),
    Of.ONE: gettext_lazy("at least one of them"),
}
JUDGED: dict[Judged, Words] = {
    Judged.STANCE: pgettext_lazy("judged", "stance"),
    Judged.INFLUENCE: pgettext_lazy("judged", "influence"),
    Judged.ACCESS: pgettext_lazy("judged", "access"),
    Judged.MODE: pgettext_lazy("judged", "response mode"),
    Judged.DESIRE: pgettext_lazy("judged", "desire for change"),
    Judged.MOTIVATION: pgettext_lazy("judged", "own motive"),
    Judged.SWAY: pgettext_lazy("judged", "pressure of others"),
}
CELLS: dict[Cell, Words] = {
    Cell.COMPANY_NEED_PRODUCT: gettext_lazy("company need · product"),
    Cell.COMPANY_NEED_COMPANY: gettext_lazy("company need · company"),
    Cell.PERSONAL_NEED_PRODUCT: gettext_lazy("personal need · product"),
    Cell.PERSONAL_NEED_COMPANY: gettext_lazy("personal need · company"),
    Cell.PERSONAL_TIE_PRODUCT: gettext_lazy("personal tie · product"),
    Cell.PERSONAL_TIE_COMPANY: gettext_lazy("personal tie · company"),
}


def cell_words(cells: Sequence[Cell]) -> str:
    """Return the names of cells, in the order of the matrix; "" for none."""
    return pgettext("between keys", ", ").join(str(CELLS[cell]) for cell in Cell if cell in cells)


def asked_words(of: Of, cells: Sequence[Cell]) -> str:
    """Return what is asked of some people: ``each of them: company need · product``."""
    if not cells:
        return _("%(share)s is known") % {"share": SHARES[of]}
    return _("%(share)s: %(cells)s") % {"share": SHARES[of], "cells": cell_words(cells)}
