"""Where the parts of a draft are edited: addresses, with the field that a problem is about."""

from django.urls import reverse

from duobiao.playbooks.domain.people import Judged
from duobiao.playbooks.domain.problems import Path
from duobiao.playbooks.domain.shape import ROWS
from duobiao.playbooks.domain.track_editing import has_own_track
from duobiao.playbooks.models import PlaybookDraft

TEXTS = ("title", "short", "purpose", "summary", "owner")
PROOF_FIELDS = ("evidence", "min_grade")


def draft_url(draft: PlaybookDraft, stage: int = 0) -> str:
    """Return the address of a draft, or of one of its stages."""
    url = reverse("playbooks:draft", args=[draft.ref])
    return f"{url}?stage={stage}#stage" if stage else url


def seen_stage(sent: str) -> int:
    """Return the number of a stage that was sent, 0 where it is none."""
    return int(sent) if sent.isdecimal() and len(sent) < 3 else 0


def track_url(draft: PlaybookDraft) -> str:
    """Return the address of the buyer's track of a draft."""
    return f"{reverse('playbooks:draft', args=[draft.ref])}#buyer"


def place_url(draft: PlaybookDraft, place: Path) -> str:
    """Return the form, and its field, in which a place of the document is edited."""
    if place[:1] == ("stages",) and len(place) > 1 and isinstance(place[1], int):
        return _stage_place(draft, place[1] + 1, place[2:])
    if place[:1] in (("rates",), ("rates_origin",)):
        field = f"id_rate_{place[1]}" if len(place) > 1 else "panel"
        return f"{reverse('playbooks:edit_rates', args=[draft.ref])}#{field}"
    if place[:1] in (("title",), ("summary",), ("process",), ("process_gates",)):
        return f"{reverse('playbooks:edit_frame', args=[draft.ref])}#{_field(place)}"
    if place[:1] == ("half_lives",):
        field = f"id_days_{place[1]}" if len(place) > 1 and place[1] in set(Judged) else "panel"
        return f"{reverse('playbooks:edit_half_lives', args=[draft.ref])}#{field}"
    if place[:1] == ("buyer",):
        return track_url(draft)
    if place[:1] == ("buyer_stages",) or place[:1] in (("resets",), ("proposals",)):
        return _track_place(draft, place)
    if place == ("stages",) or not place:
        return draft_url(draft)
    return reverse("playbooks:replace_draft", args=[draft.ref])


def _track_place(draft: PlaybookDraft, place: Path) -> str:
    """Return the form of a stage of the buyer, or of an entry of the track; a place without a number is a list."""
    if not has_own_track(draft.document) or len(place) < 2:
        return track_url(draft)
    if place[0] != "buyer_stages":
        return _track_row(draft, 0, place)
    stage = int(place[1]) + 1
    if place[2:3] == ("marks",) and len(place) > 3:
        return _track_row(draft, stage, place[2:])
    url = reverse("playbooks:edit_buyer_stage", args=[draft.ref, stage])
    return f"{url}#{_field(place[2:])}"


def _track_row(draft: PlaybookDraft, stage: int, place: Path) -> str:
    url = reverse("playbooks:edit_track_row", args=[draft.ref, stage, place[0], place[1]])
    return f"{url}#panel"


def _stage_place(draft: PlaybookDraft, stage: int, rest: Path) -> str:
    if rest and rest[0] in ROWS:
        if len(rest) > 1 and isinstance(rest[1], int):
            url = reverse("playbooks:edit_row", args=[draft.ref, stage, rest[0], rest[1]])
            return f"{url}#{_field(rest[2:])}"
        return f"{reverse('playbooks:draft', args=[draft.ref])}?stage={stage}#{rest[0]}"
    return f"{reverse('playbooks:edit_stage', args=[draft.ref, stage])}#{_field(rest)}"


def _field(rest: Path) -> str:
    """Return the identifier of the field that a place below a form is written in, the form's own where none fits."""
    name = rest[0] if rest else ""
    if name in TEXTS:
        return f"id_{name}_{'en' if rest[-1] == 'en' else 'zh'}"
    if name in ("item", "key"):
        return "id_key"
    if name in PROOF_FIELDS:
        return f"id_a0-{name}"
    if name == "accepts" and len(rest) > 1:
        return f"id_a{rest[1]}-{rest[2] if rest[2:] and rest[2] in PROOF_FIELDS else PROOF_FIELDS[0]}"
    return "panel"
