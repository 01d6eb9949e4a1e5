"""What saving would change, in words: what moves, what does not, and why not."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from duobiao.opportunities.models import Grade, LagVerdict
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.opportunities.queries.gates import supply_of
from duobiao.opportunities.queries.held_back import held_back_by, rate_on_completing
from duobiao.opportunities.queries.what_if import Change, Gate, what_if
from duobiao.playbooks.domain.assess import Assessment
from duobiao.playbooks.domain.facts import Waiver
from duobiao.playbooks.domain.model import Kind, State, Verdict
from duobiao.playbooks.domain.model import LagVerdict as EngineLag
from duobiao.playbooks.queries import text_of
from duobiao.web.formats import percent

Tone = Literal["", "ours", "ok", "warn", "bad", "lag"]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One figure before and after; ``after`` says why where nothing changes."""

    label: str
    before: str
    after: str
    changed: bool
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a form announces beside itself.

    Attributes:
        button: Names the result on the button.
        hint: What to supply next, with its address.
    """

    title: str
    text: str
    tone: Tone
    rows: tuple[ChangeRow, ...]
    button: str
    hint: str = ""
    hint_title: str = ""
    hint_url: str = ""


def preview_of(explained: Explained, change: Change, *, line: ItemLine | None = None, grade: int = 0) -> Preview:
    """Word a change for the person who is about to cause it.

    Args:
        line: The item the form was opened for; ``grade`` what the support shows for it.
    """
    title, text, tone = _headline(explained, change, line, grade)
    rows = [
        _row(_("Stage"), place_words(change.before), place_words(change.after), _tone(change)),
        _gate_row(change.gate_before, change.gate_after),
        _row(
            _("Missing"),
            _items(change.lacking_before),
            _items(change.lacking_after),
            "ok" if change.lacking_after < change.lacking_before else "bad",
        ),
        _row(_("Gap"), lag_words(change.before), lag_words(change.after), "lag"),
        _rate_row(explained, change),
    ]
    if change.before.buyer_stage != change.after.buyer_stage:
        before, after = buyer_words(change.before.buyer_stage), buyer_words(change.after.buyer_stage)
        rows.insert(1, _row(_("Buyer"), before, after, "ours"))
    hint = _hint(explained, change, but=line.item if line is not None else "")
    return Preview(title, text, tone, tuple(rows), _button(change), *hint)


def preview_of_waiver(explained: Explained, item: str, on: date, last: date) -> Preview:
    """Word what a waiver in force from ``on`` to ``last``, both inclusive, would change."""
    return preview_of(explained, what_if(explained, waivers=[Waiver(item, on, last)]))


def saved_words(explained: Explained, change: Change, *, lowered: str, grade: int) -> str:
    """Say after saving what moved, or why nothing did; and that less than claimed was kept."""
    parts = []
    if change.advances or change.falls_back or change.rate_gain:
        parts.append(_moved_words(explained, change))
    elif change.before.buyer_stage != change.after.buyer_stage:
        parts.append(_("Saved; %(buyer)s") % {"buyer": buyer_words(change.after.buyer_stage)})
    else:
        parts.append(_("Saved; the stage stays: %(why)s") % {"why": _why_not(change, None, grade)})
    if lowered:
        parts.append(_lowered_words(lowered, grade))
    return pgettext("between parts of a sentence", "; ").join(parts)


def place_words(found: Assessment) -> str:
    """Say where we stand, briefly."""
    if found.state is State.COMPLETED:
        return _("all completed")
    if found.state is State.IN_STAGE:
        return _("in stage %(n)d") % {"n": found.stage_number}
    return _("before stage %(n)d") % {"n": found.completed_stage + 1}


def lag_words(found: Assessment) -> str:
    """Say the gap, briefly."""
    if found.lag is None:
        return _("buyer unknown")
    if found.lag == 0:
        return _("in sync")
    count = abs(found.lag)
    if found.lag < 0:
        return ngettext("%(num)d stage ahead", "%(num)d stages ahead", count) % {"num": count}
    words = ngettext("%(num)d stage behind", "%(num)d stages behind", count) % {"num": count}
    if found.verdict is EngineLag.GIVE_UP_PROPOSED:
        return f"{words} · {LagVerdict.GIVE_UP_PROPOSED.label}"
    return words


def buyer_words(stage: int) -> str:
    """Say where the buyer stands, briefly."""
    return _("buyer in stage %(n)d") % {"n": stage} if stage else _("buyer unknown")


def _headline(explained: Explained, change: Change, line: ItemLine | None, grade: int) -> tuple[str, str, Tone]:
    before, after = change.before, change.after
    if change.falls_back:
        return _("Falls back: %(place)s") % {"place": place_words(after)}, _lost_words(explained, change), "bad"
    if _completes(change):
        title = _stage_title(explained, after.completed_stage)
        words = _("Completes stage %(n)d %(title)s") % {"n": after.completed_stage, "title": title}
        return words, _gained_words(change), "ours"
    if after.stage_number > before.stage_number:
        title = _stage_title(explained, after.stage_number)
        words = _("Enters stage %(n)d %(title)s") % {"n": after.stage_number, "title": title}
        return words, _gained_words(change), "ours"
    if change.rate_gain:
        words = _("The success rate moves to %(rate)s") % {"rate": percent(after.rate_percent)}
        return words, _("The stage stays; what stood on a waiver is proved now"), "ours"
    if after.buyer_stage != before.buyer_stage:
        return buyer_words(after.buyer_stage), _("Our own track stays"), "ours"
    return _("The stage stays"), _why_not(change, line, grade), ""


def _completes(change: Change) -> bool:
    """Whether the deal ends between stages, with one more completed; a settlement enters and completes at once."""
    before, after = change.before, change.after
    return after.completed_stage > before.completed_stage and after.completed_stage >= after.stage_number


def _why_not(change: Change, line: ItemLine | None, grade: int) -> str:
    if line is not None and line.needed is not None and 0 < grade < line.needed and line.item not in change.newly:
        needed = Grade(line.needed)
        if needed == Grade.BUYER_CONFIRMED:
            return _("This item takes “%(grade)s”: say who said it and how, or attach what the customer issued") % {
                "grade": needed.label
            }
        return _("This item takes “%(grade)s”: attach a file or write down the words") % {"grade": needed.label}
    if change.gate_after.lacking < change.gate_before.lacking:
        return _left_words(change.gate_after)
    if change.lacking_after < change.lacking_before:
        left = ngettext(
            "%(num)d item is still missing in this stage", "%(num)d items are still missing in this stage",
            change.lacking_after,
        )  # fmt: skip
        return left % {"num": change.lacking_after}
    if change.newly:
        return _("it proves items of another stage or of a condition, which do not gate the next step")
    if line is not None and line.item not in change.newly and line.counts:
        return _("the item is proved already; this adds to it")
    return _("no item of the present stage needs it; it is kept for what comes")


def _left_words(gate: Gate) -> str:
    numbers = {"num": gate.lacking, "n": gate.stage}
    if gate.kind is Kind.M:
        words = ngettext(
            "%(num)d item is still missing to enter stage %(n)d",
            "%(num)d items are still missing to enter stage %(n)d",
            gate.lacking,
        )
    else:
        words = ngettext(
            "%(num)d item is still missing to complete stage %(n)d",
            "%(num)d items are still missing to complete stage %(n)d",
            gate.lacking,
        )
    return words % numbers


def _gained_words(change: Change) -> str:
    before, after = change.before.rate_percent, change.after.rate_percent
    if before == after:
        return _("Everything this gate needs is there")
    return _("Everything this gate needs is there; success rate %(before)s → %(after)s") % {
        "before": percent(before),
        "after": percent(after),
    }


def _lost_words(explained: Explained, change: Change) -> str:
    titles = {line.item: line.title for line in explained.items}
    names = [titles[key] for key in change.lost if key in titles][:2]
    return _("No longer counts: %(items)s") % {"items": pgettext("between titles", ", ").join(names)} if names else ""


def _moved_words(explained: Explained, change: Change) -> str:
    title, text, _tone_unused = _headline(explained, change, None, 0)
    del text
    if change.rate_gain and not title.endswith("%"):
        return _("Saved: %(what)s, success rate %(rate)s") % {
            "what": title,
            "rate": percent(change.after.rate_percent),
        }
    return _("Saved: %(what)s") % {"what": title}


def _lowered_words(lowered: str, grade: int) -> str:
    label = Grade(grade).label
    words = {
        "ceiling": _("kept as “%(grade)s”: such a fact cannot be stronger"),
        "support": _("kept as “%(grade)s”: that is what the support shows"),
        "unverified": _("kept as “%(grade)s” until a second person has verified it"),
    }
    return words[lowered] % {"grade": label}


def _row(label: str, before: str, after: str, tone: Tone) -> ChangeRow:
    if before == after:
        return ChangeRow(label, before, _("unchanged"), changed=False)
    return ChangeRow(label, before, after, changed=True, tone=tone)


def _tone(change: Change) -> Tone:
    return "bad" if change.falls_back else "ours"


def _gate_row(before: Gate, after: Gate) -> ChangeRow:
    label = _("Milestone") if before.kind is Kind.M else _("Success standard")
    tone: Tone = "ok" if after.met >= before.met else "bad"
    return _row(label, f"{before.met}/{before.required}", f"{after.met}/{after.required}", tone)


def _items(count: int) -> str:
    return ngettext("%(num)d item", "%(num)d items", count) % {"num": count}


def _rate_row(explained: Explained, change: Change) -> ChangeRow:
    before, after = change.before, change.after
    label = _("Success rate")
    if before.rate_percent != after.rate_percent:
        tone: Tone = "ok" if change.rate_gain > 0 else "bad"
        return ChangeRow(label, percent(before.rate_percent), percent(after.rate_percent), changed=True, tone=tone)
    return ChangeRow(label, percent(before.rate_percent), _rate_stays(explained, after), changed=False)


def _rate_stays(explained: Explained, after: Assessment) -> str:
    number = min(after.completed_stage + 1, len(explained.compiled.rates) - 1)
    held = held_back_by(explained, after, upto=number)
    if held is not None:
        return _("unchanged, “%(item)s” still stands on a waiver") % {"item": held.title}
    if after.completed_stage < number:
        rate = percent(rate_on_completing(explained, after, number))
        return _("unchanged until stage %(n)d is completed (%(rate)s)") % {"n": number, "rate": rate}
    return _("unchanged")


def _hint(explained: Explained, change: Change, *, but: str) -> tuple[str, str, str]:
    """Return what to supply next, except one item: what keeps the rate back, else the next item of the gate."""
    held = held_back_by(explained, change.after)
    if held is not None and change.after.completed_stage > change.after.rated_stage:
        supply = supply_of(held, explained)
        rate = percent(int(explained.compiled.rates[change.after.completed_stage]))
        if supply is not None:
            return _("Next, and the success rate moves to %(rate)s:") % {"rate": rate}, held.title, supply.url
    stage, kind = change.after.gate
    ahead = explained.entering(stage) if kind is Kind.M else explained.completing(stage)
    for line in ahead:
        slot = explained.compiled.by_key[line.item]
        open_then = not change.after.position[slot.word] & slot.bit
        if open_then and line.item != but and line.verdict is not Verdict.NOT_APPLICABLE:
            supply = supply_of(line, explained)
            if supply is not None:
                return _("Then comes:"), line.title, supply.url
    return "", "", ""


def _button(change: Change) -> str:
    before, after = change.before, change.after
    if _completes(change):
        return _("Save and complete stage %(n)d") % {"n": after.completed_stage}
    if after.stage_number > before.stage_number:
        return _("Save and enter stage %(n)d") % {"n": after.stage_number}
    if change.rate_gain > 0:
        return _("Save, success rate %(rate)s") % {"rate": percent(after.rate_percent)}
    if after.buyer_stage != before.buyer_stage and after.buyer_stage:
        return _("Save, buyer in stage %(n)d") % {"n": after.buyer_stage}
    return _("Save evidence")


def _stage_title(explained: Explained, number: int) -> str:
    return text_of(explained.compiled.playbook.stages[number - 1].short, get_language())
