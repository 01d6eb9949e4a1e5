"""What a change of a deal brings, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from duobiao.opportunities.queries.what_if import Change
from duobiao.playbooks.domain.model import Kind, State
from duobiao.web.formats import percent


def effect_of(change: Change) -> str:
    """Say in words what a change brings."""
    before, after = change.before, change.after
    parts = []
    if after.stage_number > before.stage_number:
        parts.append(_("enters stage %(n)d") % {"n": after.stage_number})
    elif after.completed_stage > before.completed_stage:
        parts.append(_("completes stage %(n)d") % {"n": after.completed_stage})
    if change.falls_back:
        parts.append(_falls_words(change))
    if change.rate_gain:
        parts.append(
            _("success rate %(before)s → %(after)s")
            % {"before": percent(before.rate_percent), "after": percent(after.rate_percent)}
        )
    if change.brings_in_sync and not change.falls_back:
        parts.append(_("level with the buyer"))
    if not parts and change.gate_after.lacking < change.gate_before.lacking:
        parts.append(_gate_words(change))
    return pgettext("between parts of a sentence", ", ").join(parts)


def _falls_words(change: Change) -> str:
    after = change.after
    if after.stage_number == 0:
        return _("back before stage 1")
    if after.state is State.TRANSIT:
        return _("back to waiting for stage %(n)d") % {"n": after.completed_stage + 1}
    return _("back to stage %(n)d") % {"n": after.stage_number}


def _gate_words(change: Change) -> str:
    gate = change.gate_after
    numbers = {"num": gate.lacking, "n": gate.stage}
    if gate.kind is Kind.M:
        return (
            ngettext(
                "then %(num)d item is left to enter stage %(n)d",
                "then %(num)d items are left to enter stage %(n)d",
                gate.lacking,
            )
            % numbers
        )
    return (
        ngettext(
            "then %(num)d item is left to complete stage %(n)d",
            "then %(num)d items are left to complete stage %(n)d",
            gate.lacking,
        )
        % numbers
    )
