"""Forms of cases and overviews."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models.profile import Scale
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview


def _line(label: Any, longest: int, *, required: bool = True, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget)


def _text(label: Any, longest: int = 2000, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, widget=forms.Textarea(attrs={"rows": 4}))


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class _EntryForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    upload = forms.FileField(label=_("File"), required=False, help_text=_("Slides or a page to hand over"))

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "upload")}


class CaseForm(_EntryForm):
    """A reference case."""

    title = _line(_("Title"), 160)
    client = _line(_("Customer (for us alone)"), 120, required=False)
    named_as = _line(_("May be named outside as"), 120)
    industry = _line(_("Industry"), 60, list="industries")
    size = forms.ChoiceField(label=_("Size"), choices=[("", _("not known")), *Scale.choices], required=False)
    challenges = _text(_("Challenges, one a line"))
    work = _text(_("What we did"), required=False)
    result = _text(_("Result, with figures"))
    finished_on = _day(_("Finished on"), required=False)
    witness = _line(_("Who may be asked, on what terms"), 200, required=False)


class OverviewForm(_EntryForm):
    """A technology overview."""

    title = _line(_("Title"), 160)
    industries = _text(_("Industries, one a line"), 600)
    points = _text(pgettext_lazy("overview", "What to say, one point a line"))
    source = _line(_("Source"), 200)
    as_of = _day(pgettext_lazy("overview", "As of"))


def initial_of(entry: ReferenceCase | TechnologyOverview) -> dict[str, Any]:
    """Return an entry as its form shows it."""
    form = CaseForm if isinstance(entry, ReferenceCase) else OverviewForm
    return {name: getattr(entry, name) for name in form.base_fields if name != "upload"}
