"""Forms of rivals and battle cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.competition.actions.keep_rival import RivalFactsSaid
from duobiao.competition.actions.keep_statement import Said
from duobiao.competition.forms.fields import day, line, text_field, version_field
from duobiao.competition.models import CardStatement, Rival, Section


class RivalForm(forms.Form):
    """What a rival is."""

    name = line(_("Name of the company"), 120)
    aliases = text_field(
        _("Other names"), 1500, required=False, rows=2, help_text=_("One a line: short names, brands, the English name")
    )
    site = line(_("Web site"), 200, required=False)
    region = line(_("Region it is strong in"), 120, required=False)
    industries = line(_("Its industries"), 200, required=False)
    note = text_field(_("Note"), 2000, required=False)
    is_active = forms.BooleanField(label=_("Still a rival"), required=False, initial=True)
    distinct = forms.BooleanField(
        label=_("It is another company"),
        required=False,
        help_text=_("Tick this where a rival of a like name is known."),
    )
    version = version_field()

    def said(self) -> RivalFactsSaid:
        """Return what the actions take."""
        held = self.cleaned_data
        names = [name.strip() for name in held["aliases"].splitlines() if name.strip()]
        same = ("name", "site", "region", "industries", "note", "is_active")
        return RivalFactsSaid(**{name: held[name] for name in same}, aliases=names)


def begun_from(rival: Rival) -> dict[str, Any]:
    """Return what the form begins with."""
    names = ("name", "site", "region", "industries", "note", "is_active", "version")
    aliases = rival.names.filter(is_main=False).order_by("pk").values_list("name", flat=True)
    return {**{name: getattr(rival, name) for name in names}, "aliases": "\n".join(aliases)}


class StatementForm(forms.Form):
    """One statement of a battle card."""

    section = forms.ChoiceField(label=_("Section"), choices=Section.choices, widget=forms.RadioSelect)
    text = text_field(_("Statement"), 500, rows=2)
    answer = text_field(
        _("Our answer"), 500, required=False, rows=2, help_text=_("Needed for what the rival says about us.")
    )
    proof = line(_("What shows it"), 300, required=False, help_text=_("A case, a figure, a test"))
    source = line(pgettext_lazy("of knowledge", "Source"), 300, help_text=_("Who said it, where it stands"))
    noted_on = day(_("As of"))
    version = version_field()

    def said(self) -> Said:
        """Return what the actions take."""
        held = self.cleaned_data
        return Said(**{name: held[name] for name in ("section", "text", "answer", "proof", "source", "noted_on")})


def begun_from_statement(row: CardStatement) -> dict[str, Any]:
    """Return what the form begins with."""
    return {
        name: getattr(row, name) for name in ("section", "text", "answer", "proof", "source", "noted_on", "version")
    }
