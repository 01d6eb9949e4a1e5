"""Forms of registrations."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from duobiao.prospecting.actions.register_project import FIELDS
from duobiao.prospecting.forms.pools import capital
from duobiao.prospecting.models import Registration


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
