"""Where somebody was moved to."""

from django import forms

from duobiao.stakeholders.models import Layout


class LayoutForm(forms.Form):
    """Which picture."""

    layout = forms.ChoiceField(choices=Layout.choices)


class PlaceForm(LayoutForm):
    """Which picture, and where in it; the action keeps it within the picture."""

    x = forms.IntegerField()
    y = forms.IntegerField()
