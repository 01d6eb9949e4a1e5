"""The studio page of a draft: the map, the stage that is looked at, and beside it the form of what is edited."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid, Refusal
from duobiao.playbooks.actions.save_draft import change_draft
from duobiao.playbooks.domain.compare import compare
from duobiao.playbooks.domain.editing import Doc, can_add_stage
from duobiao.playbooks.domain.people_editing import has_own_relations, written
from duobiao.playbooks.domain.shape import ROWS
from duobiao.playbooks.domain.vocabulary import ProcessGates
from duobiao.playbooks.forms.frame import PartForm
from duobiao.playbooks.forms.studio import VersionForm
from duobiao.playbooks.models import PlaybookDraft
from duobiao.playbooks.queries import compiled_playbook, version_title
from duobiao.playbooks.queries.draft_rows import stage_flaws, stage_lists, words_in
from duobiao.playbooks.queries.drafts import Flaw, all_problems, attachable_notes, flaws_of, get_draft, next_number
from duobiao.playbooks.queries.playbook_map import playbook_map
from duobiao.playbooks.queries.track_rows import track_of
from duobiao.playbooks.views.draft_places import draft_url, place_url
from duobiao.web.api import found_or_404
from duobiao.web.http import done, render

MOST_FLAWS = 12


def editable_draft(request: HttpRequest, ref: str) -> tuple[User, PlaybookDraft]:
    """Return who edits, and the draft.

    Raises:
        NotAllowed: the person may not edit playbooks.
        NotFound: there is no such draft.
    """
    actor = actor_of(request)
    policy.require(actor, "playbooks.edit")
    return actor, found_or_404(get_draft(ref))


def draft_page(
    request: HttpRequest,
    draft: PlaybookDraft,
    *,
    stage: int = 1,
    panel: str = "",
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a draft.

    Args:
        stage: Number of the stage that is looked at.
        panel: Template of the form beside it; "" for none.
        context: What the form needs.
    """
    playbook, problems = all_problems(draft)
    flaws = flaws_of(draft.document, problems)
    stages = draft.document.get("stages", [])
    stage = min(max(stage, 1), len(stages)) if stages else 0
    held = stages[stage - 1] if stage else {}
    own_relations = has_own_relations(draft.document)
    if stage and not own_relations:
        held = {**held, "relations": [written(relation) for relation in playbook.stages[stage - 1].relations]}
    wrong = [flaw.place[1] + 1 for flaw in flaws if flaw.place[:1] == ("stages",) and len(flaw.place) > 1 and isinstance(flaw.place[1], int)]  # fmt: skip
    shown = {
        "draft": draft,
        "title": words_in(draft.document.get("title")) or draft.key,
        "number": next_number(draft.key),
        "base_title": version_title(draft.base) if draft.base else "",
        "change_count": len(compare(compiled_playbook(draft.base.pk).playbook, playbook)) if draft.base else None,
        "map": playbook_map(playbook, url=lambda number: draft_url(draft, number), current=stage, wrong=wrong),
        "flaws": [(flaw, place_url(draft, flaw.place)) for flaw in flaws[:MOST_FLAWS]],
        "flaw_count": len(flaws),
        "stage": stage,
        "stage_title": words_in(held.get("title")) or held.get("key", ""),
        "stage_flaws": stage_flaws(stage, flaws),
        "last_stage": len(stages),
        "item_count": sum(len(held.get(name, [])) for name in ROWS[1:6]),
        "lists": stage_lists(held, stage, flaws, all_gate=draft.document.get("process_gates") == ProcessGates.ALL),
        "own_relations": own_relations,
        "track": track_of(draft.document, flaws),
        "track_open": None,
        "may_add_stage": can_add_stage(draft.document),
        "may_publish": policy.allows(actor_of(request), "playbooks.publish"),
        "notes": attachable_notes(draft),
        "panel": panel,
        "panel_flaws": [],
        **(context or {}),
    }
    return render(request, "playbooks/draft.html", shown, status=status)


def all_flaws(draft: PlaybookDraft) -> list[Flaw]:
    """Return everything that keeps a draft from being published."""
    return flaws_of(draft.document, all_problems(draft)[1])


def saved(
    request: HttpRequest, draft: PlaybookDraft, form: PartForm, change: Callable[[Doc], Doc], *, to: str, toast: str
) -> HttpResponse | int:
    """Apply what a form says; return the answer, or the status with which the form is shown again."""
    try:
        change_draft(
            draft=draft,
            version=form.cleaned_data["version"],
            change=change,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except Refusal as refusal:
        return refused(form, refusal)
    return done(request, to=to, toast=toast)


def seen_version(request: HttpRequest) -> int:
    """Return the version of the draft that a button was pressed on.

    Raises:
        Invalid: the form does not say.
    """
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("This form is damaged. Reload the page and send it again."))
    version: int = form.cleaned_data["version"]
    return version


def change_by_button(
    request: HttpRequest, draft: PlaybookDraft, change: Callable[[Doc], Doc], *, to: str, toast: str
) -> HttpResponse:
    """Apply a change that needs no form but a button."""
    change_draft(draft=draft, version=seen_version(request), change=change, actor=actor_of(request), now=timezone.now())
    return done(request, to=to, toast=toast)
