"""What a visitor should know of the needs and objections of the people they meet."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from duobiao.engagement.queries.met import MetNote
from duobiao.needs.domain.steps import LAST_OBJECTION, LAST_VERIFY, ObjectionStep, VerifyStep, next_of
from duobiao.needs.models import DealObjection, Need, NeedPriority, NeedVoice, Voice
from duobiao.needs.queries.words import OBJECTION_STEPS, VERIFY_STEPS
from duobiao.opportunities.models import Opportunity

MOST = 5
"""How many of one kind stand in a brief: it is read on the way."""

UNRANKED = "P9"


def notes_for_visit(deal: Opportunity, contacts: Collection[int]) -> dict[int, list[MetNote]]:
    """Return by contact the P0 to verify, the other open needs, what they are against, and open objections; three queries."""
    wanted = set(contacts)
    if not wanted:
        return {}
    must: dict[int, list[str]] = defaultdict(list)
    needs: dict[int, list[str]] = defaultdict(list)
    against: dict[int, list[str]] = defaultdict(list)
    for need in _needs(deal, wanted):
        for key in _whose(need) & wanted:
            if need.priority == NeedPriority.P0:
                must[key].append(_to_verify(need))
            else:
                needs[key].append(_said(need))
        for voice in need.voices.all():
            if voice.voice == Voice.OPPOSES and voice.contact_id in wanted:
                against[voice.contact_id].append(f"{need.text}: {voice.note}" if voice.note else need.text)
    objections = _objections(deal, wanted)
    kinds = (
        (_("P0 to be verified"), must),
        (_("Open needs"), needs),
        (_("Is against"), against),
        (_("Open objections"), objections),
    )
    return {
        key: [MetNote(title, tuple(lines[key][:MOST])) for title, lines in kinds if key in lines]
        for key in wanted
        if any(key in lines for _title, lines in kinds)
    }


def _needs(deal: Opportunity, contacts: set[int]) -> list[Need]:
    """Return the needs of these people that are not confirmed, the most important first."""
    voiced = NeedVoice.objects.filter(contact__in=contacts).values("need_id")
    rows = Need.objects.live().filter(opportunity=deal, verified_step__lt=LAST_VERIFY)
    rows = rows.filter(Q(owner_contact__in=contacts) | Q(said_by__in=contacts) | Q(pk__in=voiced))
    voices = Prefetch("voices", NeedVoice.objects.filter(contact__in=contacts))
    found = list(rows.prefetch_related(voices).order_by("pk"))
    return sorted(found, key=lambda need: (need.priority or UNRANKED, -(need.pain or 0), need.pk))


def _whose(need: Need) -> set[int]:
    """Return who has a need: whose it is, else who said it; and who wants it."""
    wanting = {voice.contact_id for voice in need.voices.all() if voice.voice == Voice.WANTS}
    holder = need.owner_contact_id or need.said_by_id
    return wanting if holder is None else wanting | {holder}


def _to_verify(need: Need) -> str:
    step = next_of(need.verified_step, VerifyStep)
    return _("%(need)s (next: %(step)s)") % {"need": need.text, "step": VERIFY_STEPS[step].title if step else ""}


def _said(need: Need) -> str:
    text = f"{need.priority} {need.text}" if need.priority else need.text
    return text if need.words else _("%(need)s (assumed by us: ask)") % {"need": text}


def _objections(deal: Opportunity, contacts: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = DealObjection.objects.filter(opportunity=deal, contact__in=contacts, step__lt=LAST_OBJECTION)
    for row in rows.order_by("raised_on", "pk"):
        step = next_of(row.step, ObjectionStep)
        words = {"text": row.text, "step": OBJECTION_STEPS[step].title if step else ""}
        found[row.contact_id].append(_("%(text)s (next: %(step)s)") % words)
    return found
