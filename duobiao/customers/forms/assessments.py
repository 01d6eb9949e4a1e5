"""Forms of assessments: score a customer, change a scheme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.domain.schemes import LONGEST_TITLE, MOST_DAYS, POINTS, Scheme
from duobiao.customers.queries.schemes import words
from duobiao.kernel.reading import LONGEST_WORDS

YES_NO = [("1", _("yes")), ("0", _("no"))]
MOST_CHIPS = 10
"""Largest scale whose scores are offered one by one."""


@dataclass(frozen=True, slots=True)
class ScoreField:
    """One criterion as the form asks it."""

    title: str
    hint: str
    weight: int
    score: forms.BoundField
    note: forms.BoundField


class AssessmentForm(forms.Form):
    """Scores and notes by criterion of one scheme."""

    assessed_on = forms.DateField(
        label=_("Assessed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Conclusion"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        scheme: Scheme,
        today: date,
        before: Mapping[str, tuple[int, str]] | None = None,
    ) -> None:
        super().__init__(data, initial={"assessed_on": today})
        self.scheme = scheme
        self.fields["assessed_on"].widget.attrs["max"] = today.isoformat()
        for criterion in scheme.criteria:
            score, note = (before or {}).get(criterion.key, (None, ""))
            self.fields[criterion.key] = _score_field(scheme, words(criterion.title), score)
            self.fields[f"note_{criterion.key}"] = forms.CharField(
                label=_("Source or reason"), max_length=300, required=False, initial=note
            )

    @property
    def rows(self) -> list[ScoreField]:
        """The criteria in their order."""
        return [
            ScoreField(words(row.title), words(row.hint), row.weight, self[row.key], self[f"note_{row.key}"])
            for row in self.scheme.criteria
        ]

    def scores(self) -> dict[str, int]:
        """Return the scores by criterion."""
        return {key: int(self.cleaned_data[key]) for key in self.scheme.keys}

    def notes(self) -> dict[str, str]:
        """Return the notes by criterion."""
        return {key: self.cleaned_data[f"note_{key}"] for key in self.scheme.keys if self.cleaned_data[f"note_{key}"]}


class SchemeForm(forms.Form):
    """What a scheme says beside its criteria and classes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    title_zh = forms.CharField(label=_("Name in Chinese"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(label=_("Name in English"), max_length=LONGEST_TITLE)
    line = forms.IntegerField(
        label=_("Line of the target customer criteria"),
        min_value=1,
        max_value=POINTS,
        required=False,
        help_text=_("From this score on the item is proved on open projects. Empty: this assessment proves nothing."),
    )
    again_days = forms.IntegerField(
        label=_("Assess again after (days)"), min_value=0, max_value=MOST_DAYS, help_text=_("0: never")
    )


class CriterionForm(forms.Form):
    """One criterion of a scheme; an empty name takes it out."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title_zh = forms.CharField(label=_("Name in Chinese"), max_length=LONGEST_TITLE, required=False)
    title_en = forms.CharField(label=_("Name in English"), max_length=LONGEST_TITLE, required=False)
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=POINTS, required=False)
    hint_zh = forms.CharField(label=_("Hint in Chinese"), max_length=LONGEST_WORDS, required=False)
    hint_en = forms.CharField(label=_("Hint in English"), max_length=LONGEST_WORDS, required=False)


class ClassForm(forms.Form):
    """Where one class begins."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    least = forms.IntegerField(label=_("From score"), min_value=0, max_value=POINTS)
    title_zh = forms.CharField(label=_("Name in Chinese"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(label=_("Name in English"), max_length=LONGEST_TITLE)
    advice_zh = forms.CharField(label=_("What follows, in Chinese"), max_length=LONGEST_WORDS, required=False)
    advice_en = forms.CharField(label=_("What follows, in English"), max_length=LONGEST_WORDS, required=False)


def criterion_forms(scheme: Scheme, data: Any = None, *, spare: int = 1) -> list[CriterionForm]:
    """Return the forms of the criteria, with empty ones at the end."""
    found = [
        CriterionForm(data, prefix=f"c{number}", initial=_initial(row, hint=row.hint, key=row.key, weight=row.weight))
        for number, row in enumerate(scheme.criteria)
    ]
    count = len(found)
    return [*found, *(CriterionForm(data, prefix=f"c{count + number}") for number in range(spare))]


def class_forms(scheme: Scheme, data: Any = None) -> list[ClassForm]:
    """Return the forms of the classes."""
    return [
        ClassForm(data, prefix=f"k{number}", initial=_initial(row, advice=row.advice, key=row.key, least=row.least))
        for number, row in enumerate(scheme.classes)
    ]


def document_of(
    scheme: Scheme, head: SchemeForm, criteria: Sequence[CriterionForm], classes: Sequence[ClassForm]
) -> dict[str, Any]:
    """Return what the forms say as ``read_scheme`` takes it."""
    held = head.cleaned_data
    taken = {form.cleaned_data["key"] for form in criteria}
    fresh = (f"own{number}" for number in range(1, 100) if f"own{number}" not in taken)
    return {
        "title": {"zh-Hans": held["title_zh"], "en": held["title_en"]},
        "purpose": dict(scheme.purpose),
        "scale": [scheme.lowest, scheme.highest],
        "line": held["line"],
        "again_days": held["again_days"],
        "criteria": [
            {
                "key": form.cleaned_data["key"] or next(fresh),
                "weight": form.cleaned_data["weight"],
                "title": _pair(form, "title"),
                "hint": _pair(form, "hint"),
            }
            for form in criteria
            if form.cleaned_data["title_zh"] or form.cleaned_data["title_en"]
        ],
        "classes": [
            {
                "key": form.cleaned_data["key"],
                "from": form.cleaned_data["least"],
                "title": _pair(form, "title"),
                "advice": _pair(form, "advice"),
            }
            for form in classes
        ],
    }


def _score_field(scheme: Scheme, title: str, before: int | None) -> forms.Field:
    if scheme.asks_yes_or_no:
        return forms.ChoiceField(label=title, choices=YES_NO, widget=forms.RadioSelect, initial=_text(before))
    if scheme.highest <= MOST_CHIPS:
        choices = [(str(score), str(score)) for score in range(scheme.lowest, scheme.highest + 1)]
        return forms.ChoiceField(label=title, choices=choices, widget=forms.RadioSelect, initial=_text(before))
    return forms.IntegerField(
        label=title,
        min_value=scheme.lowest,
        max_value=scheme.highest,
        initial=before,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _text(score: int | None) -> str | None:
    return None if score is None else str(score)


def _initial(row: Any, **values: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"title_zh": row.title["zh-Hans"], "title_en": row.title["en"]}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= {f"{name}_zh": value["zh-Hans"], f"{name}_en": value["en"]}
        else:
            found[name] = value
    return found


def _pair(form: forms.Form, name: str) -> dict[str, str]:
    return {"zh-Hans": form.cleaned_data[f"{name}_zh"], "en": form.cleaned_data[f"{name}_en"]}
