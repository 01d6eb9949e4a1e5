"""The form that names a substitute."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User


def day_field(label: Any) -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class AbsenceForm(forms.Form):
    """Who decides in my place, and on which days."""

    substitute = forms.ModelChoiceField(User.objects.none(), label=_("Substitute"), to_field_name="ref")
    from_on = day_field(_("First day"))
    to_on = day_field(_("Last day"))

    def __init__(self, *args: Any, actor: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        substitute = self.fields["substitute"]
        if isinstance(substitute, forms.ModelChoiceField):
            substitute.queryset = User.objects.active().exclude(pk=actor.pk).order_by("name", "pk")
        for name in ("from_on", "to_on"):
            self.fields[name].widget.attrs["min"] = today.isoformat()
