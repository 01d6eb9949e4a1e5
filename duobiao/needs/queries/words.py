"""The steps in words, with what each asks for."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step in words; ``field`` is what is written down."""

    title: str | Promise
    guidance: str | Promise
    field: str | Promise = ""


VERIFY_STEPS: dict[int, StepWords] = {
    1: StepWords(
        _("Restate the need"),
        _("Read back what you understood and let the customer correct it. Write it as it now stands."),
        _("The need as it now stands"),
    ),
    2: StepWords(
        _("Confirm the pain"),
        _("Let the customer confirm how much it hurts, in figures, and name who confirmed it."),
        _("The pain, in figures"),
    ),
    3: StepWords(
        _("Sort out the benefit"),
        _("Say what gets better for whom, with one measure: its value today and the one wanted."),
        _("What gets better, and for whom"),
    ),
    4: StepWords(
        _("Reach consensus"),
        _("Let the people who decide agree. A confirmation by link counts more than a report."),
        _("What they agreed to, in their words"),
    ),
}
OBJECTION_STEPS: dict[int, StepWords] = {
    1: StepWords(_("Listen"), _("Let them finish. Note their words, not your answer.")),
    2: StepWords(_("Make clear what is meant"), _("Ask until you know what exactly troubles them, and whom else.")),
    3: StepWords(_("Respond with understanding"), _("Say why it is reasonable to ask. No “but”.")),
    4: StepWords(_("Resolve it"), _("Say and show what answers it: a figure, a visit, a term. Name the tactic.")),
    5: StepWords(_("Confirm consensus"), _("Ask whether it is answered. Only the customer's yes closes it.")),
}
