"""The contact form (联系人基本信息表)."""

from collections.abc import Collection
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.actions.field_rules import CONTACT_FIELDS
from duobiao.customers.forms.facts import FactsForm, carry_initial, model_fields
from duobiao.customers.models import BuyingRole, Contact, RelationCell

KNOWN = [("yes", _("yes")), ("no", _("no")), ("unknown", _("not yet known"))]
YES_NO: Final = {"unknown": None, "yes": True, "no": False}

CONTACT_GROUPS: Final[tuple[tuple[str, Any, tuple[str, ...]], ...]] = (
    ("start", _("To start with"), ("name", "position", "mobile", "is_handler")),
    ("person", _("Personal facts"), ("department", "duties", "character", "interests")),
    ("reach", _("How to reach"), ("phone", "email", "wechat")),
    (
        "purchase",
        _("Part in the purchase"),
        ("buying_role", "function", "is_decision_maker", "influence", "stance", "relation_cells", "bridge", "notes"),
    ),
)


class ContactForm(FactsForm):
    """The contact form (联系人基本信息表); what follows from other records is not asked for."""

    groups_of = CONTACT_GROUPS

    def __init__(self, data: Any = None, *, contact: Contact, judged: Collection[str] = ()) -> None:
        initial = {name: getattr(contact, name) for name in CONTACT_FIELDS}
        for name in ("is_handler", "is_decision_maker"):
            initial[name] = next(word for word, held in YES_NO.items() if held is initial[name])
        super().__init__(data, initial=initial)
        plain = [name for name in CONTACT_FIELDS if name not in ("relation_cells", "is_handler", "is_decision_maker")]
        self.fields.update(model_fields(Contact, plain))
        for name, label in (("is_handler", _("handler (经手人)")), ("is_decision_maker", _("decision maker"))):
            self.fields[name] = forms.ChoiceField(label=label, choices=KNOWN, widget=forms.RadioSelect, required=False)
        self.fields["relation_cells"] = forms.MultipleChoiceField(
            label=_("what our tie rests on"),
            choices=RelationCell.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["buying_role"] = forms.ChoiceField(
            label=_("role in the purchase"), choices=BuyingRole.choices, widget=forms.RadioSelect, required=False
        )
        for name, kind in (("mobile", "tel"), ("phone", "tel"), ("email", "email")):
            self.fields[name].widget.input_type = kind
        for name in judged:
            self.fields.pop(name, None)
        carry_initial(self.fields)

    def changed(self) -> dict[str, Any]:
        """Return the changed values; unknown as None."""
        return self._typed(super().changed())

    def all_values(self) -> dict[str, Any]:
        """Return all values; unknown as None."""
        return self._typed(dict(self.cleaned_data))

    def _typed(self, values: dict[str, Any]) -> dict[str, Any]:
        for name in ("is_handler", "is_decision_maker"):
            if name in values:
                values[name] = YES_NO.get(values[name])
        for name in ("influence", "stance"):
            if name in values:
                values[name] = int(values[name]) if values[name] not in (None, "") else None
        return values
