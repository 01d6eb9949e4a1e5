"""Forms of objections, questions, methods of asking and confirmations."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from duobiao.needs.forms.fields import (
    PeopleForm,
    channel_field,
    chips,
    day_of,
    line_field,
    person_field,
    text_field,
    version_field,
)
from duobiao.needs.models import MethodEffect, ObjectionType, SpinLetter
from duobiao.needs.queries.bank import BankQuestion
from duobiao.opportunities.actions.open_confirmation import USUAL_DAYS
from duobiao.opportunities.forms.proofs import MultipleFileField
from duobiao.opportunities.models import Way

DAYS = (3, 7, USUAL_DAYS, 30)


class ObjectionForm(PeopleForm):
    """What somebody at the customer objects to."""

    named = ("contact",)
    type = chips(_("Type"), ObjectionType.choices)
    text = line_field(_("Objection, in their words"), required=True)
    contact = person_field(_("Raised by"), required=True)
    raised_on = day_of(_("Raised on"), required=True)
    need = forms.ChoiceField(label=_("About which need"), required=False)
    version = version_field()

    def __init__(self, data: Any = None, *, needs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["need"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *needs]


class ObjectionStepForm(PeopleForm):
    """What was said and done in a step."""

    named = ("contact",)
    note = text_field(_("What was said and done"), rows=3, required=True)
    tactic = forms.ChoiceField(label=_("Tactic used"), required=False)
    contact = person_field(_("Confirmed by"))
    channel = channel_field()
    done_on = day_of(_("Day"))
    version = version_field()

    def __init__(self, data: Any = None, *, tactics: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["tactic"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *tactics]


class SpinForm(PeopleForm):
    """Questions for a conversation."""

    named = ("contact",)
    title = line_field(_("Conversation"), longest=120, required=True)
    contact = person_field(_("With whom"))
    chosen = forms.MultipleChoiceField(label=_("Questions"), required=False, widget=forms.CheckboxSelectMultiple)
    letter = chips(_("A question of your own"), SpinLetter.choices, required=False)
    text = line_field(_("In words"))

    def __init__(self, data: Any = None, *, bank: Sequence[BankQuestion], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["chosen"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(row.key, row.words) for row in bank]
        self.letters = {row.key: row.letter for row in bank}

    @property
    def by_letter(self) -> list[tuple[Any, list[Any]]]:
        """The boxes of the bank by kind of question."""
        boxes = list(self["chosen"])
        return [
            (label, [box for box in boxes if self.letters.get(str(box.data["value"])) == letter])
            for letter, label in SpinLetter.choices
        ]


class MethodForm(PeopleForm):
    """What a method of asking brought."""

    named = ("contact",)
    effect = chips(_("What it brought"), MethodEffect.choices)
    need = forms.ChoiceField(label=_("About which need"), required=False)
    contact = person_field(_("With whom"))
    note = line_field(_("In words"))
    used_on = day_of(_("Day"), required=True)

    def __init__(self, data: Any = None, *, needs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["need"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *needs]


class AskForm(PeopleForm):
    """Whom to ask to confirm the requirements."""

    named = ("contact",)
    contact = person_field(_("Who confirms?"), required=True)
    days = forms.TypedChoiceField(
        label=_("The link works for"),
        coerce=int,
        initial=USUAL_DAYS,
        widget=forms.RadioSelect,
        choices=[(days, ngettext_lazy("%(n)d day", "%(n)d days", days) % {"n": days}) for days in DAYS],
    )
    send_mail = forms.BooleanField(label=_("Mail the link to them"), required=False)


class OtherWayForm(PeopleForm):
    """A confirmation by paper, mail, chat or platform."""

    named = ("contact",)
    way = chips(
        _("By what did they confirm?"),
        [choice for choice in Way.choices if choice[0] not in (Way.LINK, Way.SIGN_IN_SHEET)],
    )
    contact = person_field(_("Who confirms?"), required=True)
    confirmed_on = day_of(_("Day"), required=True)
    uploads = MultipleFileField(
        label=_("Files"), required=False, help_text=_("A scan, a screenshot or the mail itself")
    )
    documents = forms.MultipleChoiceField(
        label=_("Files already sent"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remark = text_field(_("Remark of the customer"))

    def __init__(self, data: Any = None, *, documents: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["documents"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(documents)
