"""The form of a contact line: what a department cares about, and who keeps in touch."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.opportunities.actions.keep_thread import LONGEST_CONCERN


class ThreadForm(forms.Form):
    """Concern, keeper, and after how many days of silence the line is called cold."""

    concern = forms.CharField(
        label=_("What they care about in this project"),
        required=False,
        max_length=LONGEST_CONCERN,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    keeper = forms.ModelChoiceField(
        User.objects.none(), label=_("Who keeps the line"), required=False, to_field_name="ref", empty_label=None
    )
    quiet_days = forms.IntegerField(label=_("Cold after so many days without a contact"), min_value=1, max_value=365)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeper = self.fields["keeper"]
        if isinstance(keeper, forms.ModelChoiceField):
            keeper.queryset = people
