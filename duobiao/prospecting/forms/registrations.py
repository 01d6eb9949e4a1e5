"""Forms of registrations."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from duobiao.prospecting.actions.register_project import FIELDS
from duobiao.prospecting.domain.protection import BOUNDS, Figures
from duobiao.prospecting.forms.pools import capital
from duobiao.prospecting.models import Registration, RegistrationFigures


class RegistrationForm(forms.Form):
    """End customer, project, site; what shows that we were first."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        columns: dict[str, forms.Field] = dict(fields_for_model(Registration, fields=list(FIELDS)))
        self.fields.update(capital(columns))
        self.fields["evidence"].widget = forms.Textarea(attrs={"rows": 3})
        self.fields["evidence"].help_text = _("Needed where the project clashes with one of a colleague.")
        self.fields["domain"].help_text = _("As example.com")
        self.fields["agent"].help_text = _("Empty where we work the project ourselves.")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class FiguresForm(forms.Form):
    """How long registrations are protected."""

    def __init__(self, data: Any = None, *, figures: Figures, version: int) -> None:
        super().__init__(data, initial={"version": version})
        columns: dict[str, forms.Field] = dict(fields_for_model(RegistrationFigures, fields=list(BOUNDS)))
        labels = {name: field.label for name, field in capital(columns).items()}
        for name, (least, most) in BOUNDS.items():
            widget = forms.NumberInput(attrs={"inputmode": "numeric"})
            self.fields[name] = forms.IntegerField(
                label=labels[name], min_value=least, max_value=most, initial=getattr(figures, name), widget=widget
            )
        self.fields["version"] = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def values(self) -> dict[str, int]:
        """Return the figures."""
        return {name: self.cleaned_data[name] for name in BOUNDS}
