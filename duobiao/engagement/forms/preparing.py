"""Forms of what belongs to the first visits: the survey sheet, versions of the draft, the purchase process."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Contact
from duobiao.customers.models.contact import Function
from duobiao.engagement.actions.process_values import Duty, Process, Step
from duobiao.engagement.domain.drafts import PARTS
from duobiao.engagement.forms.parts import DayField, Label, line, offer, one_of, person_label, some_of, text
from duobiao.engagement.models import PurchaseProcess
from duobiao.engagement.queries.drafts import PART_WORDS
from duobiao.engagement.queries.survey import Aim, aims_offered
from duobiao.opportunities.forms.proofs import MultipleFileField
from duobiao.opportunities.models import Channel

ROWS = 8
CHANNELS = [("", _("choose one")), *Channel.choices]


def _number() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class _WithPeople(forms.Form):
    def __init__(self, *args: Any, contacts: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {contact.ref: contact for contact in contacts}
        self.choices = [(contact.ref, person_label(contact)) for contact in contacts]

    def person(self, name: str) -> Contact | None:
        """Return whom a field names."""
        return self.people.get(self.cleaned_data.get(name, ""))


class SurveyForm(_WithPeople):
    """Aims, and one answer for each question."""

    aims = some_of(_("What is this visit to find out?"), ())
    told_by = one_of(_("Who answered?"), ())
    version = _number()

    def __init__(self, *args: Any, sheet: Sequence[Aim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "aims", aims_offered())
        offer(self, "told_by", [*self.choices, ("", _("nobody named"))])
        for aim in sheet:
            for question in aim.questions:
                self.fields[question.key] = text(question.words, rows=2)
                self.fields[question.key].initial = question.answer
        self.fields["aims"].initial = [aim.key for aim in sheet if aim.chosen]

    @property
    def answers(self) -> dict[str, str]:
        """Return the answers by question."""
        own = ("aims", "told_by", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


class DraftForm(_WithPeople):
    """A version that the customer received."""

    title = line(_("Title"), 200)
    parts = some_of(_("What does it hold that helps them to set up the project?"), ())
    uploads = MultipleFileField(label=_("File"), required=False, help_text=_("The file as it was handed over"))
    documents = forms.ChoiceField(label=_("or a file that is here already"), required=False)
    received_by = one_of(_("Who received it?"), ())
    handed_on = DayField(label=_("Handed over on"))
    channel = forms.ChoiceField(label=pgettext_lazy("handed over", "By"), choices=CHANNELS)
    changes = text(_("What changed since the last version?"))

    def __init__(self, *args: Any, documents: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "parts", [(part, PART_WORDS[part]) for part in PARTS])
        offer(self, "received_by", self.choices)
        offer(self, "documents", [("", _("no file")), *documents])

    def clean(self) -> dict[str, Any]:
        """Ask for what a version cannot be without."""
        held = super().clean() or self.cleaned_data
        needed = {"title": _("Give it a title."), "received_by": _("Say who received it.")}
        for name, words in needed.items():
            if not held.get(name) and name not in self.errors:
                self.add_error(name, words)
        if not held.get("documents") and "documents" not in self.errors:
            self.add_error("uploads", _("Add the file that was handed over."))
        return held

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {name: self.cleaned_data[name] for name in ("title", "parts", "handed_on", "channel", "changes")}


class AnswerForm(_WithPeople):
    """What the customer said to a version."""

    remark = text(_("What did they say? In their words"), rows=3)
    said_by = one_of(_("Who said it?"), ())
    channel = forms.ChoiceField(label=_("Through"), choices=CHANNELS)
    said_on = DayField(label=_("Day"))
    version = _number()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "said_by", self.choices)
        self.fields["said_by"].required = True


class ProcessForm(_WithPeople):
    """Steps, duties, project lead and decider; rows that are empty are left out."""

    project_lead = forms.ChoiceField(label=_("Project lead"), required=False)
    decider = forms.ChoiceField(label=_("Decision maker"), required=False)
    told_by = forms.ChoiceField(label=_("Who told us?"), required=False)
    told_on = DayField(label=_("Told on"))
    channel = forms.ChoiceField(label=_("Through"), choices=CHANNELS, required=False)
    quote = text(_("In these words"), placeholder=_("with who and how it counts as reported by the customer"))
    number = _number()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: list[tuple[str, Label]] = [("", _("not known yet")), *self.choices]
        for name in ("project_lead", "decider", "told_by"):
            offer(self, name, people)
        for number in range(1, ROWS + 1):
            self.fields[f"what_{number}"] = line(_("Step"), 120)
            self.fields[f"who_{number}"] = line(_("Who"), 120)
            self.fields[f"takes_{number}"] = line(_("By when, or how long"), 60)
            self.fields[f"paper_{number}"] = line(_("Paper needed"), 120)
        for function, label in Function.choices:
            self.fields[f"contact_{function}"] = forms.ChoiceField(label=label, choices=people, required=False)
            self.fields[f"who_{function}"] = line(_("or the name"), 120)
            self.fields[f"duty_{function}"] = line(_("Duty in this purchase"))

    @property
    def steps(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The rows of steps, numbered."""
        names = ("what", "who", "takes", "paper")
        return [(number, [self[f"{name}_{number}"] for name in names]) for number in range(1, ROWS + 1)]

    @property
    def duties(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The rows of duties, by the words of their function."""
        names = ("contact", "who", "duty")
        return [(str(label), [self[f"{name}_{key}"] for name in names]) for key, label in Function.choices]

    @property
    def process(self) -> Process:
        """Return what was typed."""
        held = self.cleaned_data
        steps = [
            Step(*(held[f"{name}_{number}"] for name in ("what", "who", "takes", "paper")))
            for number in range(1, ROWS + 1)
            if any(held[f"{name}_{number}"] for name in ("what", "who", "takes", "paper"))
        ]
        duties = [
            Duty(key, self.person(f"contact_{key}"), held[f"who_{key}"], held[f"duty_{key}"])
            for key in Function.values
            if held[f"contact_{key}"] or held[f"who_{key}"] or held[f"duty_{key}"]
        ]
        rest: dict[str, Any] = {name: self.person(name) for name in ("project_lead", "decider", "told_by")}
        rest |= {name: held[name] for name in ("told_on", "channel", "quote")}
        return Process(steps=steps, duties=duties, **rest)


def process_initial(process: PurchaseProcess) -> dict[str, Any]:
    """Return a recorded process as its form shows it."""
    values: dict[str, Any] = {"number": process.number}
    for name in ("project_lead", "decider"):
        person = getattr(process, name)
        values[name] = person.ref if person is not None else ""
    for number, step in enumerate(process.steps.order_by("number"), start=1):
        values |= {f"{name}_{number}": getattr(step, name) for name in ("what", "who", "takes", "paper")}
    for duty in process.duties.select_related("contact"):
        values[f"contact_{duty.function}"] = duty.contact.ref if duty.contact is not None else ""
        values[f"who_{duty.function}"], values[f"duty_{duty.function}"] = duty.who, duty.duty
    return values
