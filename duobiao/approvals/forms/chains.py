"""The form of one step of a chain; a chain is edited as numbered steps, each of which may be left empty or moved."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.approvals.domain.chain import LONGEST_NAME, MOST_DAYS, By, DayUnit, Mode, Reach
from duobiao.identity.models import Role, User

SPARE = 1
"""Empty steps offered at the end."""

BY_CHOICES = [
    (By.MANAGER.value, _("the owner's manager")),
    (By.ROLE.value, _("people of a role")),
    (By.PEOPLE.value, _("people by name")),
]
WHEN_CHOICES = [("", _("always")), ("AMOUNT", _("from an amount on")), ("FACT", _("only for some requests"))]


class StepForm(forms.Form):
    """One step: its name, whom it asks, when it is needed, how long it may take."""

    position = forms.IntegerField(label=_("Place in the chain"), min_value=1, max_value=99, required=False)
    key = forms.CharField(required=False, max_length=LONGEST_NAME, widget=forms.HiddenInput)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=LONGEST_NAME, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=LONGEST_NAME, required=False)
    by = forms.ChoiceField(label=_("Approvers"), choices=BY_CHOICES, widget=forms.RadioSelect, initial=By.MANAGER.value)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, required=False, initial=Role.MANAGER)
    reach = forms.ChoiceField(
        label=_("Where"),
        choices=[
            (Reach.ABOVE.value, _("the owner's unit, or nearest above")),
            (Reach.UNIT.value, _("the owner's unit only")),
            (Reach.COMPANY.value, _("the whole company")),
        ],
        required=False,
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("People"), to_field_name="ref", required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )  # fmt: skip
    mode = forms.ChoiceField(
        label=_("Who has to agree"),
        choices=[(Mode.ANY.value, _("one is enough")), (Mode.ALL.value, _("everybody"))],
        widget=forms.RadioSelect,
        initial=Mode.ANY.value,
    )
    when = forms.ChoiceField(label=_("Needed"), choices=WHEN_CHOICES, required=False)
    amount = forms.IntegerField(label=_("Amount at least"), min_value=1, max_value=10**13, required=False)
    fact = forms.ChoiceField(label=_("Fact"), required=False)
    value = forms.CharField(label=_("Value"), max_length=LONGEST_NAME, required=False)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=MOST_DAYS, required=False)
    unit = forms.ChoiceField(
        label=_("Counted as"),
        choices=[
            (DayUnit.WORKING.value, pgettext_lazy("days", "working days")),
            (DayUnit.CALENDAR.value, pgettext_lazy("days", "calendar days")),
        ],
        required=False,
    )
    remove = forms.BooleanField(label=_("Take this step out"), required=False)

    def __init__(self, *args: Any, facts: Mapping[str, object], people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fact, named = self.fields["fact"], self.fields["people"]
        if isinstance(fact, forms.ChoiceField):
            fact.choices = [("", "–"), *((name, str(title)) for name, title in facts.items())]
        if isinstance(named, forms.ModelMultipleChoiceField):
            named.queryset = people

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written, or the step is to go."""
        held = self.cleaned_data
        return bool(held.get("remove")) or not (held.get("name_zh") or held.get("name_en"))

    def document(self, fallback: str) -> dict[str, Any]:
        """Return the step as data.

        Args:
            fallback: Key of a step that has none yet.
        """
        held = self.cleaned_data
        approvers: dict[str, Any] = {"by": held["by"]}
        if held["by"] == By.ROLE:
            approvers |= {"role": held["role"], "reach": held["reach"] or Reach.ABOVE.value}
        if held["by"] == By.PEOPLE:
            approvers["people"] = [user.ref for user in held["people"]]
        found: dict[str, Any] = {
            "key": held["key"] or fallback,
            "name": {"zh-Hans": held["name_zh"], "en": held["name_en"]},
            "approvers": approvers,
            "mode": held["mode"],
        }
        if held["when"] == "AMOUNT":
            found["when"] = {"amount_at_least": held["amount"]}
        if held["when"] == "FACT":
            found["when"] = {"fact": held["fact"], "value": held["value"]}
        if held["days"]:
            found["deadline"] = {"days": held["days"], "unit": held["unit"] or DayUnit.WORKING.value}
        return found


def initial_of(document: Mapping[str, Any], position: int) -> dict[str, Any]:
    """Return a stored step as its form shows it."""
    who, when = document["approvers"], document.get("when") or {}
    deadline = document.get("deadline") or {}
    return {
        "position": position,
        "key": document["key"],
        "name_zh": document["name"]["zh-Hans"],
        "name_en": document["name"]["en"],
        "by": who["by"],
        "role": who.get("role", Role.MANAGER),
        "reach": who.get("reach", Reach.ABOVE.value),
        "people": who.get("people", []),
        "mode": document.get("mode", Mode.ANY.value),
        "when": "AMOUNT" if "amount_at_least" in when else "FACT" if when else "",
        "amount": when.get("amount_at_least"),
        "fact": when.get("fact", ""),
        "value": when.get("value", ""),
        "days": deadline.get("days"),
        "unit": deadline.get("unit", DayUnit.WORKING.value),
    }


def documents_of(forms_: Sequence[StepForm]) -> list[dict[str, Any]]:
    """Return the steps of a sent chain in the order of their places."""
    kept = [form for form in forms_ if not form.is_empty]
    kept.sort(key=lambda form: form.cleaned_data["position"] or 99)
    taken = {form.cleaned_data["key"] for form in kept}
    fresh = (f"step{number}" for number in range(1, 100) if f"step{number}" not in taken)
    return [form.document(next(fresh) if not form.cleaned_data["key"] else "") for form in kept]
