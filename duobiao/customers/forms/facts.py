"""Forms over many model fields in groups; they carry what the person saw, so that only changes are written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.models import fields_for_model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from duobiao.kernel.refusals import NotAllowed, NotFound, Refusal


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together under one heading.

    Attributes:
        key: Names it in addresses.
        filled: How many of its fields are known.
        is_open: Whether it is unfolded at first.
    """

    key: str
    title: Any
    fields: list[forms.BoundField]
    filled: int
    is_open: bool

    @property
    def total(self) -> int:
        """How many fields it has."""
        return len(self.fields)


def show_refusal(form: forms.Form, refusal: Refusal) -> int:
    """Put the reasons of a refusal at their fields; return the status to answer with.

    Raises:
        NotAllowed, NotFound: these concern the whole page.
    """
    if isinstance(refusal, NotAllowed | NotFound):
        raise refusal
    at_fields = {name: reason for name, reason in refusal.fields.items() if name in form.fields}
    for name, reason in at_fields.items():
        form.add_error(name, str(reason))
    if not at_fields:
        form.add_error(None, str(refusal.message))
    return refusal.status


class FactsForm(forms.Form):
    """A form over model fields; ``changed`` gives what differs from what the person saw."""

    groups_of: tuple[tuple[str, Any, tuple[str, ...]], ...] = ()

    def groups(self, open_keys: Iterable[str] = ("start",)) -> Iterator[Group]:
        """Yield the groups; those with faults or named are unfolded."""
        unfolded = set(open_keys)
        for key, title, names in self.groups_of:
            fields = [self[name] for name in names if name in self.fields]
            filled = sum(bound.value() not in (None, "", [], "unknown", "UNKNOWN") for bound in fields)
            is_open = key in unfolded or any(bound.errors for bound in fields)
            yield Group(key, title, fields, filled, is_open)

    def keys_of(self, name: str) -> list[str]:
        """Return the groups to unfold so that the field ``name`` is seen."""
        return ["start", *[key for key, _title, names in self.groups_of if name in names]]

    def changed(self) -> dict[str, Any]:
        """Return the cleaned values that differ from the first ones, which the form carries hidden."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}

    def label_of(self, name: str) -> str:
        """Return the label of a field."""
        return str(self.fields[name].label or name)

    def shown(self, name: str, value: Any) -> str:
        """Return a value as people read it."""
        choices = {
            str(key): str(label) for key, label in getattr(self.fields[name], "choices", None) or [] if key != ""
        }
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if value in (None, "", "unknown", "UNKNOWN"):
            return ""
        if isinstance(value, list):
            return ", ".join(choices.get(str(item), str(item)) for item in value)
        return choices.get(str(value), str(value))

    def seen(self, name: str) -> str:
        """Return as people read it what the person saw when the form was opened."""
        key = self.add_initial_prefix(name)
        if isinstance(self.fields[name], forms.MultipleChoiceField) and isinstance(self.data, QueryDict):
            return self.shown(name, self.data.getlist(key))
        return self.shown(name, self.data.get(key, ""))


def model_fields(model: type[models.Model], names: Iterable[str]) -> dict[str, forms.Field]:
    """Return form fields over model fields; only the name is required."""
    found: dict[str, forms.Field] = dict(fields_for_model(model, fields=list(names)))
    for name, field in found.items():
        field.required = name == "name"
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 2
        source: Any = model._meta.get_field(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("not yet known")), *source.flatchoices]
    return found


def carry_initial(fields: Mapping[str, forms.Field]) -> None:
    """Let every field carry its first value hidden, so that only what was changed is written."""
    for field in fields.values():
        field.show_hidden_initial = True
