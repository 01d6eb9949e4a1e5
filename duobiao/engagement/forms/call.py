"""The form of a telephone call: three steps, and what proves itself from them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.engagement.actions.log_call import NewDeal
from duobiao.engagement.actions.people import NewContact
from duobiao.engagement.forms.parts import (
    NONE,
    OTHER,
    YES_NO,
    Label,
    MomentField,
    line,
    moment_of,
    offer,
    one_of,
    person_label,
    slot_value,
    some_of,
    switch,
    text,
    truth,
    truth_name,
)
from duobiao.engagement.models import Attitude, Call, CallPurpose, CallResult, NeedKind
from duobiao.kernel.money import Money
from duobiao.opportunities.models import Opportunity
from duobiao.web import formats

NEW = "new"
TEN_THOUSANDS = "10000"
UNITS = ((TEN_THOUSANDS, _("× 10,000")), ("1", _("× 1")))
BRIEF = _("one sentence will do")
LEVELS = [(str(level), str(level)) for level in range(1, 6)]
SAME = (
    "problem",
    "problem_since",
    "tried",
    "tried_result",
    "need_kind",
    "attitude",
    "purposes",
    "introduced_us",
    "reason_given",
    "let_customer_find",
    "benefit_shown",
    "meeting_place",
    "meeting_topic",
    "meeting_people",
    "meeting_preparation",
    "next_step",
    "notes",
)
"""Fields that the form and the record share under one name."""


class CallForm(forms.Form):
    """A call as it is typed while, or right after, talking."""

    contact = one_of(_("Whom did you call?"), ())
    new_name = line(pgettext_lazy("person", "Name"), 60)
    new_position = line(_("Position"), 60)
    new_mobile = line(_("Mobile"), 40, inputmode="tel")
    was_handler = one_of(
        _("Is this the handler (经手人) or above?"),
        ((NONE, _("as on file")), *YES_NO),
        initial=NONE,
    )
    result = one_of(_("Did you get through?"), CallResult.choices, initial=CallResult.SPOKE)
    started_at = MomentField(label=_("Began"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=720)
    purposes = some_of(_("What was the call for?"), CallPurpose.choices)
    introduced_us = switch(_("Said who we are and what we have done"))
    opened_with_consent = one_of(_("Did they agree to talk?"), YES_NO)

    problem = text(_("What is the problem?"), placeholder=_("in the customer's words"))
    problem_since = line(_("How long has it lasted?"), placeholder=BRIEF)
    tried = line(_("What has been tried?"), placeholder=BRIEF)
    tried_result = line(_("With what result?"), placeholder=BRIEF)
    need_kind = one_of(_("This need is"), NeedKind.choices)
    interest = one_of(_("Interest"), LEVELS)
    attitude = one_of(_("Attitude"), Attitude.choices)

    meeting_slot = forms.CharField(
        label=_("When"), required=False, max_length=40, widget=forms.RadioSelect, initial=NONE
    )
    meeting_at = MomentField(label=_("Day and time"), required=False)
    meeting_place = line(_("Place"), 200, placeholder=_("site, floor or room"))
    meeting_topic = line(_("Topic"), 200, placeholder=_("what you want to settle"))
    meeting_contacts = some_of(_("Who takes part"), ())
    meeting_people = line(_("Others"), placeholder=_("e.g. the shift leader"))
    meeting_preparation = text(_("To prepare"), placeholder=_("case, papers, whom to bring"))

    reason_given = switch(_("Gave them a reason to meet"))
    no_pitch = switch(_("Pitched no product on the telephone"), initial=True)
    let_customer_find = switch(_("Asked more than told, so that they found the need themselves"))
    benefit_shown = switch(_("Made clear what they gain"))
    next_step = line(_("Next step"), placeholder=_("who does what by when"))
    is_a_class = one_of(_("Is this an A-class customer?"), YES_NO)
    notes = text(_("Notes"), 4000)

    opportunity = one_of(_("Which deal is this for?"), ())
    deal_name = line(_("Name of the new deal"), 160)
    deal_amount = forms.DecimalField(
        label=_("Expected amount"),
        required=False,
        min_value=0,
        max_digits=17,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    deal_unit = forms.ChoiceField(label=_("Unit of the amount"), choices=UNITS, required=False)

    def __init__(
        self,
        *args: Any,
        contacts: Sequence[Contact],
        deals: Sequence[Opportunity],
        slots: Sequence[datetime],
        may_open: bool,
        correcting: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {contact.ref: contact for contact in contacts}
        self.deals = {deal.ref: deal for deal in deals}
        self.correcting = correcting
        people = [(contact.ref, person_label(contact)) for contact in contacts]
        offer(self, "contact", people if correcting else [*people, (NEW, _("somebody new"))])
        offer(self, "meeting_contacts", people)
        opened = [(NEW, _("open a new one"))] if may_open and not correcting else []
        offer(
            self,
            "opportunity",
            [*((deal.ref, deal.name) for deal in deals), *opened, (NONE, _("none yet"))],
        )
        self.fields["deal_unit"].initial = "1" if get_language() == "en" else TEN_THOUSANDS
        self._offer_slots(slots)

    def _offer_slots(self, slots: Sequence[datetime]) -> None:
        offered = [(slot_value(slot), f"{formats.weekday(slot)} {formats.time(slot)}") for slot in slots]
        chosen = moment_of(str(self["meeting_slot"].value() or ""))
        if chosen is not None and slot_value(chosen) not in dict(offered):
            offered.append((slot_value(chosen), f"{formats.weekday(chosen)} {formats.time(chosen)}"))
        widget = self.fields["meeting_slot"].widget
        if isinstance(widget, forms.RadioSelect):
            widget.choices = [(NONE, _("not yet")), *offered, (OTHER, _("choose a time"))]

    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        held = super().clean() or self.cleaned_data
        if not held.get("contact") and "contact" not in self.errors:
            self.add_error("contact", _("Choose whom you called."))
        if held.get("contact") == NEW and not held.get("new_name"):
            self.add_error("new_name", _("Give the name of the person."))
        if held.get("opportunity") == NEW and not held.get("deal_name"):
            self.add_error("deal_name", _("Give the deal a name."))
        slot = held.get("meeting_slot", "")
        if slot not in ("", NONE, OTHER):
            held["meeting_at"] = moment_of(slot)
            if held["meeting_at"] is None:
                self.add_error("meeting_slot", _("Choose a time."))
        return held

    @property
    def called(self) -> Contact | NewContact:
        """Whom was called."""
        held = self.cleaned_data
        if held["contact"] == NEW:
            return NewContact(held["new_name"], held["new_position"], held["new_mobile"])
        return self.people[held["contact"]]

    @property
    def deal(self) -> Opportunity | None:
        """The deal it is for, if there is one already."""
        return self.deals.get(self.cleaned_data.get("opportunity", ""))

    @property
    def new_deal(self) -> NewDeal | None:
        """The deal to open with it."""
        held = self.cleaned_data
        if held.get("opportunity") != NEW:
            return None
        amount = held["deal_amount"]
        unit = Decimal(held["deal_unit"] or TEN_THOUSANDS)
        return NewDeal(held["deal_name"], Money.of(amount * unit) if amount is not None else None)

    @property
    def meeting_with(self) -> list[Contact]:
        """Who takes part in the meeting."""
        return [self.people[ref] for ref in self.cleaned_data["meeting_contacts"]]

    def values(self, *, now: datetime) -> dict[str, Any]:
        """Return what the action takes."""
        held = self.cleaned_data
        began = held["started_at"] or now
        values = {name: held[name] for name in SAME}
        return {
            **values,
            "started_at": min(began, now) if self._is_this_minute(began, now) else began,
            "ended_at": began + timedelta(minutes=held["minutes"]) if held["minutes"] else None,
            "result": held["result"] or CallResult.SPOKE,
            "was_handler": truth(held["was_handler"]),
            "opened_with_consent": truth(held["opened_with_consent"]),
            "interest": int(held["interest"]) if held["interest"] else None,
            "pitched": not held["no_pitch"],
            "is_a_class": truth(held["is_a_class"]),
            "meeting_at": held["meeting_at"],
        }

    @staticmethod
    def _is_this_minute(began: datetime, now: datetime) -> bool:
        return timedelta() < began - now < timedelta(minutes=1)

    @property
    def pain(self) -> list[tuple[int, forms.BoundField]]:
        """The four questions, numbered."""
        return list(enumerate((self[name] for name in ("problem", "problem_since", "tried", "tried_result")), start=1))

    @property
    def principles(self) -> list[forms.BoundField]:
        """The four rules of a call."""
        return [self[name] for name in ("reason_given", "no_pitch", "let_customer_find", "benefit_shown")]


def initial_of(call: Call) -> dict[str, Any]:
    """Return a call as its form shows it."""
    return {
        **{name: getattr(call, name) for name in SAME},
        "contact": call.contact.ref,
        "opportunity": call.opportunity.ref if call.opportunity else NONE,
        "was_handler": truth_name(call.was_handler),
        "opened_with_consent": truth_name(call.opened_with_consent),
        "is_a_class": truth_name(call.is_a_class),
        "interest": str(call.interest or ""),
        "no_pitch": not call.pitched,
        "result": call.result,
        "started_at": _to_the_minute(call.started_at),
        "minutes": call.minutes,
        "meeting_slot": OTHER if call.meeting_at else NONE,
        "meeting_at": _to_the_minute(call.meeting_at),
        "meeting_contacts": [contact.ref for contact in call.meeting_contacts.all()],
    }


def _to_the_minute(moment: datetime | None) -> datetime | None:
    """Return a moment as the browser shows it, so that an untouched field is seen as unchanged."""
    return timezone.localtime(moment).replace(second=0, microsecond=0) if moment else None


LEVEL_WORDS: dict[str, Label] = {
    "1": _("1: does not want to talk about it"),
    "2": _("2: listens out of politeness"),
    "3": _("3: curious, asks a question or two"),
    "4": _("4: wants to learn more and will think it over"),
    "5": _("5: asks for a solution"),
}


def level_words(level: str) -> str:
    """Say what a level of interest means."""
    return str(LEVEL_WORDS.get(level, _("Choose what you heard, not what you hope.")))
