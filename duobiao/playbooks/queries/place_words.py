"""Where something stands in a playbook document, as people say it: ``Stage 3 · item 3.P4 · accepted evidence 1``."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from duobiao.playbooks.domain.compare import What
from duobiao.playbooks.domain.problems import Path
from duobiao.playbooks.domain.shape import GROUP_NAMES
from duobiao.playbooks.queries.comparison import EVIDENCE_SUBJECTS, FIELDS, SUBJECTS, evidence_title
from duobiao.playbooks.queries.item_words import GROUP_KINDS, LISTS, Words

NAMES: Mapping[str, Words] = {
    **FIELDS,
    **LISTS,
    "key": pgettext_lazy("in a place", "key"),
    "rates": gettext_lazy("rates"),
    "rates_origin": gettext_lazy("rates"),
    "stages": gettext_lazy("stages"),
    "buyer": gettext_lazy("buyer's track"),
    "buyer_stage": FIELDS["covers"],
    "buyer_stages": gettext_lazy("stages of the buyer"),
    "marks": gettext_lazy("buyer's marks"),
    "owner": gettext_lazy("who acts at the buyer's"),
    "resets": gettext_lazy("resets"),
    "proposals": gettext_lazy("proposed outcomes"),
    "settlements": gettext_lazy("settlements"),
    "kpis": gettext_lazy("figures of the playbook"),
    "accepts": gettext_lazy("accepted evidence"),
    "evidence": gettext_lazy("evidence"),
    "valid_days": FIELDS["holds"],
    "valid_until": FIELDS["holds"],
    "half_lives": gettext_lazy("half-lives of judgements"),
    "origin": gettext_lazy("origin"),
    "zh-Hans": pgettext_lazy("in a place", "in Chinese"),
    "en": pgettext_lazy("in a place", "in English"),
}
NUMBERED: Mapping[str, Words] = {
    "stages": gettext_lazy("Stage %(n)s"),
    "buyer_stages": gettext_lazy("buyer stage %(n)s"),
    "marks": gettext_lazy("mark %(n)s"),
    "resets": gettext_lazy("reset %(n)s"),
    "proposals": gettext_lazy("proposed outcome %(n)s"),
    "accepts": gettext_lazy("accepted evidence %(n)s"),
    "relations": gettext_lazy("relationship asked for %(n)s"),
}
KEYED: Mapping[str, Words] = {
    **dict.fromkeys(GROUP_NAMES, gettext_lazy("item %(key)s")),
    "control_points": SUBJECTS[What.CONTROL_POINT],
    "appraisal": SUBJECTS[What.APPRAISAL],
    "tools": SUBJECTS[What.TOOLS],
    "work": SUBJECTS[What.WORK],
    "kpis": SUBJECTS[What.KPI],
}


def place_words(document: Any, place: Path) -> str:
    """Return a place in the reader's language, from the whole to the part.

    Args:
        document: The document that the place is in; parts may be missing or of another kind.
    """
    words: list[str] = []
    held, name = document, ""
    for step in place:
        if isinstance(step, int):
            held = held[step] if isinstance(held, list) and step < len(held) else None
            named = _entry(name, step, held, is_cover=len(words) > 1)
            words = [*words[:-1], named] if named else words
        else:
            held = held.get(step) if isinstance(held, Mapping) else None
            settled = name == "settlements"
            words = [*words[:-1], _settled(step)] if settled else [*words, str(NAMES.get(step, step))]
            name = step
    return capfirst(" · ".join(words)) if words else _("The whole playbook")


def _settled(evidence: str) -> str:
    return str(EVIDENCE_SUBJECTS[What.SETTLEMENT]) % {"evidence": evidence_title(evidence)}


def _entry(name: str, place: int, row: Any, *, is_cover: bool) -> str:
    """Name an entry of a list; "" where its list says enough."""
    if name in ("rates", "rates_origin"):
        return _("Rate after stage %(n)s") % {"n": place} if place else _("Rate before stage 1")
    key = row.get("item" if name in GROUP_NAMES else "key") if isinstance(row, Mapping) else None
    if name in KEYED and isinstance(key, str) and key.strip():
        return str(KEYED[name]) % {"key": key}
    if name in GROUP_NAMES:
        return f"{GROUP_KINDS[name]} {place + 1}"
    if name in KEYED:
        return f"{LISTS.get(name) or NAMES[name]} {place + 1}"
    if name == "buyer_stages" and is_cover:
        return str(FIELDS["covers"])
    return str(NUMBERED[name]) % {"n": place + 1} if name in NUMBERED else ""
