"""The form that names a substitute."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.identity.people_picker import PersonField


def day_field(label: Any) -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class AbsenceForm(forms.Form):
    """Who decides in my place, and on which days."""

    substitute = PersonField(label=_("Substitute"))
    from_on = day_field(_("First day"))
    to_on = day_field(_("Last day"))

    def __init__(self, *args: Any, actor: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        substitute = self.fields["substitute"]
        if isinstance(substitute, PersonField):
            substitute.queryset = User.objects.active().exclude(pk=actor.pk).order_by("name", "pk")
        for name in ("from_on", "to_on"):
            self.fields[name].widget.attrs["min"] = today.isoformat()
