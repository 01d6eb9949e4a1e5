"""Forms of customers in pools."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.opportunities.forms.deal import day_field
from duobiao.prospecting.models import Pool


class PutCustomerForm(forms.Form):
    """Into which pool, and whether it lies free at once."""

    pool = forms.ModelChoiceField(Pool.objects.none(), label=_("Pool"), to_field_name="ref", empty_label=None)
    free = forms.ChoiceField(
        label=pgettext_lazy("pool", "From now on"),
        choices=[
            ("", _("its owner holds it; it comes back without work")),
            ("1", _("it lies free for members to take")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, pools: QuerySet[Pool]) -> None:
        super().__init__(data)
        pool = self.fields["pool"]
        if isinstance(pool, forms.ModelChoiceField):
            pool.queryset = pools


class NoteForm(forms.Form):
    """A remark that may be left out."""

    note = forms.CharField(label=_("Remark"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class KeepForm(forms.Form):
    """Until when a customer stays with its holder, and why; no day takes that back."""

    until = day_field(_("Stays until"), help_text=_("Empty: nothing keeps it any more."))
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
