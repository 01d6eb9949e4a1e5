"""Forms of what a playbook asks of the people: half-lives of judgements, a relation of a stage."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from duobiao.playbooks.domain.people import LONGEST_HALF_LIFE, HalfLives, Judged, Of, Who
from duobiao.playbooks.forms.frame import PartForm
from duobiao.playbooks.queries.people_words import CELLS, JUDGED, PEOPLE, SHARES


class HalfLivesForm(PartForm):
    """In how many days the confidence in each kind of judgement halves; empty: as usual."""

    def __init__(self, given: QueryDict | None = None, *, own: Mapping[str, Any], initial: dict[str, Any]) -> None:
        super().__init__(given, initial=initial)
        for subject in Judged:
            self.fields[f"days_{subject}"] = forms.IntegerField(
                label=str(JUDGED[subject]),
                min_value=1,
                max_value=LONGEST_HALF_LIFE,
                required=False,
                initial=own.get(subject),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def rows(self) -> list[forms.BoundField]:
        """The fields of the half-lives."""
        return [self[f"days_{subject}"] for subject in Judged]

    def values(self) -> HalfLives:
        """Return what the playbook names itself."""
        held = {subject: self.cleaned_data.get(f"days_{subject}") for subject in Judged}
        return {subject: days for subject, days in held.items() if days is not None}


class RelationForm(PartForm):
    """How far a stage wants us to have come, and with whom."""

    who = forms.ChoiceField(label=_("People"), choices=[(who.value, words) for who, words in PEOPLE.items()])
    of = forms.ChoiceField(
        label=_("How many of them"), choices=[(of.value, words) for of, words in SHARES.items()],
        widget=forms.RadioSelect, initial=Of.EACH.value,
    )  # fmt: skip
    cells = forms.MultipleChoiceField(
        label=_("Cells they must have accepted"), choices=[(cell.value, words) for cell, words in CELLS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None only with “at least one of them”: it is enough that there is such a person"),
    )  # fmt: skip

    @staticmethod
    def initial_of(row: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows of a relation."""
        return {
            "who": row.get("who", Who.HANDLER.value),
            "of": row.get("of", Of.EACH.value),
            "cells": row.get("cells", []),
        }

    def clean(self) -> dict[str, Any]:
        """Ask for a cell where not one person is enough."""
        held = dict(super().clean() or self.cleaned_data)
        if not held.get("cells") and held.get("of") not in (None, Of.ONE) and "cells" not in self.errors:
            self.add_error("cells", _("No cell is named. Name at least one; without cells ask for one such person."))
        return held

    def row(self) -> dict[str, Any]:
        """Return the relation."""
        held = self.cleaned_data
        return {"who": held["who"], "of": held["of"], "cells": held["cells"]}
