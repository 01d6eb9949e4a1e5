"""Where the parts of a draft are edited: addresses, with the field that a problem is about."""

from django.urls import reverse

from duobiao.playbooks.domain.problems import Path
from duobiao.playbooks.domain.shape import ROWS
from duobiao.playbooks.models import PlaybookDraft

TEXTS = ("title", "short", "purpose", "summary")
PROOF_FIELDS = ("evidence", "min_grade")


def draft_url(draft: PlaybookDraft, stage: int = 0) -> str:
    """Return the address of a draft, or of one of its stages."""
    url = reverse("playbooks:draft", args=[draft.ref])
    return f"{url}?stage={stage}#stage" if stage else url


def place_url(draft: PlaybookDraft, place: Path) -> str:
    """Return the form, and its field, in which a place of the document is edited."""
    if place[:1] == ("stages",) and len(place) > 1 and isinstance(place[1], int):
        return _stage_place(draft, place[1] + 1, place[2:])
    if place[:1] in (("rates",), ("rates_origin",)):
        field = f"id_rate_{place[1]}" if len(place) > 1 else "panel"
        return f"{reverse('playbooks:edit_rates', args=[draft.ref])}#{field}"
    if place[:1] in (("title",), ("summary",), ("process",), ("process_gates",)):
        return f"{reverse('playbooks:edit_frame', args=[draft.ref])}#{_field(place)}"
    if place == ("stages",) or not place:
        return draft_url(draft)
    return reverse("playbooks:replace_draft", args=[draft.ref])


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
