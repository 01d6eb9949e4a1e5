"""Forms of registrations with manufacturers and of authorisation letters."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.keep_letters import LETTER_FIELDS
from duobiao.prospecting.actions.register_upstream import FIRST_STATES, UPSTREAM_FIELDS
from duobiao.prospecting.models import Letter, Upstream, UpstreamState
from duobiao.prospecting.queries.manufacturers import next_upstream_states


def _version() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


def _remarks() -> forms.CharField:
    return forms.CharField(
        label=_("Remarks"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def _maker() -> forms.CharField:
    widget = forms.TextInput(attrs={"list": "manufacturers", "autocomplete": "off"})
    return forms.CharField(label=_("Manufacturer"), max_length=120, widget=widget)


def _responsible() -> forms.ModelChoiceField[User]:
    return forms.ModelChoiceField(User.objects.none(), label=_("Who sees to it"), to_field_name="ref", empty_label=None)


def people_near(deal: Opportunity | None, actor: User, held: User | None) -> QuerySet[User]:
    """Return who is offered: owner and team of the deal, the actor, and who has it now."""
    near = Q(pk=actor.pk)
    if deal is not None:
        near |= Q(pk=deal.owner_id) | Q(pk__in=deal.team.values("user_id"))
    active = User.objects.active().filter(near)
    found = active if held is None else active | User.objects.filter(pk=held.pk)
    return found.order_by("name", "pk")


class UpstreamForm(forms.Form):
    """A deal registered with a manufacturer."""

    version = _version()
    manufacturer = _maker()
    products = forms.CharField(label=_("Products"), max_length=300)
    state = forms.ChoiceField(
        label=pgettext_lazy("upstream", "State"),
        choices=[(state.value, state.label) for state in FIRST_STATES],
        initial=UpstreamState.SUBMITTED,
        widget=forms.RadioSelect,
    )
    happened_on = day_field(_("Since"), required=True)
    protected_until = day_field(_("Protected until"), help_text=_("Needed once it is granted."))
    number = forms.CharField(label=_("Number at the manufacturer"), max_length=60, required=False)
    discount_level = forms.CharField(label=_("Discount level"), max_length=60, required=False)
    responsible = _responsible()
    remarks = _remarks()

    def __init__(
        self, data: Any = None, *, deal: Opportunity, actor: User, today: Any, row: Upstream | None = None
    ) -> None:
        initial: dict[str, Any] = {"responsible": deal.owner.ref, "happened_on": today}
        if row is not None:
            initial = {name: getattr(row, name) for name in ("version", *UPSTREAM_FIELDS)}
            initial["responsible"] = row.responsible.ref
        super().__init__(data, initial=initial)
        if row is not None:
            for name in ("manufacturer", "state", "happened_on", "protected_until"):
                del self.fields[name]
        person = self.fields["responsible"]
        if isinstance(person, forms.ModelChoiceField):
            person.queryset = people_near(deal, actor, row.responsible if row is not None else None)

    def values(self) -> dict[str, Any]:
        """Return the facts."""
        return {name: self.cleaned_data[name] for name in UPSTREAM_FIELDS}


class UpstreamMoveForm(forms.Form):
    """To which state a registration came."""

    version = _version()
    state = forms.ChoiceField(label=pgettext_lazy("upstream", "State"), widget=forms.RadioSelect)
    happened_on = day_field(_("Since"), required=True)
    protected_until = day_field(_("Protected until"), help_text=_("Needed once it is granted."))
    number = forms.CharField(label=_("Number at the manufacturer"), max_length=60, required=False)
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, row: Upstream, today: Any) -> None:
        initial = {"version": row.version, "happened_on": today, "number": row.number}
        super().__init__(data, initial=initial | {"protected_until": row.protected_until})
        state = self.fields["state"]
        if isinstance(state, forms.ChoiceField):
            state.choices = next_upstream_states(row)


class LetterForm(forms.Form):
    """An authorisation letter."""

    version = _version()
    manufacturer = _maker()
    covers = forms.CharField(label=_("What it covers"), max_length=300, help_text=_("Products, region, purpose."))
    number = forms.CharField(label=_("Number of the letter"), max_length=60, required=False)
    valid_from = day_field(_("Valid from"), required=True)
    valid_until = day_field(_("Valid until"), required=True)
    responsible = _responsible()
    remarks = _remarks()

    def __init__(
        self, data: Any = None, *, deal: Opportunity | None, actor: User, letter: Letter | None = None
    ) -> None:
        initial: dict[str, Any] = {"responsible": actor.ref}
        if letter is not None:
            initial = {name: getattr(letter, name) for name in ("version", *LETTER_FIELDS)}
            initial["responsible"] = letter.responsible.ref
        super().__init__(data, initial=initial)
        if letter is not None:
            del self.fields["manufacturer"]
        person = self.fields["responsible"]
        if isinstance(person, forms.ModelChoiceField):
            person.queryset = people_near(deal, actor, letter.responsible if letter is not None else None)

    def values(self) -> dict[str, Any]:
        """Return the facts."""
        return {name: self.cleaned_data[name] for name in LETTER_FIELDS}
