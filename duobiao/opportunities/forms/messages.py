"""The form of a value message: what we say, and what shows it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.opportunities.actions.write_message import LONGEST_MESSAGE, LONGEST_PROOF


class MessageForm(forms.Form):
    """A message, what shows it in words, and a file of the deal that does."""

    message = forms.CharField(
        label=_("What we say"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it brings this department, in their words. Leave it empty to take it back."),
    )
    proof = forms.CharField(label=_("What shows it: a case, a figure"), required=False, max_length=LONGEST_PROOF)
    document = forms.ChoiceField(label=_("File of the deal"), required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, documents: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *documents]
