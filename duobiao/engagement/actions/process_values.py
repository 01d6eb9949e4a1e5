"""A purchase process as typed, and what makes it impossible."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import NulCharacter, clean_line
from duobiao.customers.models import Contact
from duobiao.customers.models.contact import Function
from duobiao.engagement.actions.people import check_companies
from duobiao.engagement.actions.submit_draft import check_day
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.models import Channel, Opportunity

MOST_STEPS: Final = 12
LONGEST_QUOTE: Final = 2000
LENGTHS: Final = {"what": 120, "who": 120, "takes": 60, "paper": 120, "duty": 300}
STEP_TEXTS: Final = ("what", "who", "takes", "paper")


@dataclass(frozen=True, slots=True)
class Step:
    """One step as typed."""

    what: str
    who: str = ""
    takes: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """Who in a function does what, as typed; a contact on file goes before a name."""

    function: str
    contact: Contact | None = None
    who: str = ""
    duty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A purchase process as typed."""

    steps: Sequence[Step] = ()
    duties: Sequence[Duty] = ()
    project_lead: Contact | None = None
    decider: Contact | None = None
    told_by: Contact | None = None
    told_on: date | None = None
    channel: str = ""
    quote: str = ""


def check_process(process: Process, deal: Opportunity, *, today: date) -> None:
    """Refuse a process that cannot be recorded.

    Raises:
        Invalid: nothing is in it, a text does not fit, or somebody belongs to another company.
    """
    faults = _step_faults(process.steps) | _duty_faults(process.duties) | _other_faults(process)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    if process.told_on is not None:
        check_day("told_on", process.told_on, today=today)
    for name in ("project_lead", "decider", "told_by"):
        check_companies([getattr(process, name)], field=name, customer=deal.customer, opportunity=deal)
    people = [duty.contact for duty in process.duties]
    check_companies(people, field="contact", customer=deal.customer, opportunity=deal)


def _step_faults(steps: Sequence[Step]) -> dict[str, object]:
    faults: dict[str, object] = {}
    for number, step in enumerate(steps, start=1):
        faults |= _text_faults({name: getattr(step, name) for name in STEP_TEXTS}, f"_{number}")
        if not step.what.strip():
            faults[f"what_{number}"] = _("Say what happens in this step.")
    if len(steps) > MOST_STEPS:
        faults["steps"] = _("At most %(n)d steps.") % {"n": MOST_STEPS}
    return faults


def _duty_faults(duties: Sequence[Duty]) -> dict[str, object]:
    faults: dict[str, object] = {}
    for duty in duties:
        faults |= _text_faults({"who": duty.who, "duty": duty.duty}, f"_{duty.function}")
        if duty.function not in Function.values:
            faults["function"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Function.values)}
        if duty.contact is None and not duty.who.strip():
            faults[f"who_{duty.function}"] = _("Say who it is.")
    if len({duty.function for duty in duties}) < len(duties):
        faults["function"] = _("Each function once.")
    return faults


def _other_faults(process: Process) -> dict[str, object]:
    faults: dict[str, object] = {}
    if not (process.steps or process.duties or process.project_lead or process.decider):
        faults["what_1"] = _("Note at least one step, duty or person.")
    if process.channel and process.channel not in Channel.values:
        faults["channel"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Channel.values)}
    if len(process.quote) > LONGEST_QUOTE or "\x00" in process.quote:
        faults["quote"] = _("At most %(n)d characters.") % {"n": LONGEST_QUOTE}
    return faults


def _text_faults(texts: dict[str, str], suffix: str) -> dict[str, object]:
    faults: dict[str, object] = {}
    for name, text in texts.items():
        try:
            if len(clean_line(text)) > LENGTHS[name]:
                faults[name + suffix] = _("At most %(n)d characters.") % {"n": LENGTHS[name]}
        except NulCharacter:
            faults[name + suffix] = _("Null characters are not allowed.")
    return faults
