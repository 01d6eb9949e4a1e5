"""Forms of pushing: a robot, and what a person chooses."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import Unit
from duobiao.push.actions.save_robot import RobotDraft
from duobiao.push.models import MailTime, RobotKind, Topic
from duobiao.push.queries.choices import Way, Wishes


class RobotForm(forms.Form):
    """A group robot; address and secret are entered, never shown."""

    kind = forms.ChoiceField(label=pgettext_lazy("robot", "Chat"), choices=RobotKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=pgettext_lazy("robot", "Name"), max_length=60)
    address = forms.CharField(
        label=_("Address of the robot (webhook)"),
        max_length=1000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("As the chat shows it once. It holds the key, so it is sealed and not shown again."),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("DingTalk and Feishu, where signing is on. Enter it together with the address."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("For the people of"),
        required=False,
        to_field_name="ref",
        empty_label=pgettext_lazy("people", "everybody"),
    )
    topics = forms.MultipleChoiceField(
        label=_("What it says"), choices=Topic.choices, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    is_active = forms.BooleanField(label=_("On"), required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = Unit.objects.order_by("name", "pk")

    def draft(self) -> RobotDraft:
        """Return what was entered."""
        names = ("kind", "name", "address", "secret", "unit", "topics", "language", "is_active")
        return RobotDraft(**{name: self.cleaned_data[name] for name in names})


class ChoicesForm(forms.Form):
    """What a person is told, where and when."""

    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    quiet_to = forms.TimeField(label=_("Quiet until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    digest_at = forms.TimeField(label=_("Daily digest at"), widget=forms.TimeInput(attrs={"type": "time"}))
    mobile = forms.CharField(
        label=_("Number in the chats"),
        max_length=30,
        required=False,
        help_text=_("WeCom and DingTalk call you by it in their groups."),
    )

    def __init__(self, *args: Any, wishes: Wishes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("quiet_from", "quiet_to", "digest_at", "mobile"):
            self.fields[name].initial = getattr(wishes, name)
        for topic, label in Topic.choices:
            way = wishes.way(topic)
            self.fields[f"{topic}.in_app"] = forms.BooleanField(label=label, required=False, initial=way.in_app)
            self.fields[f"{topic}.mail"] = forms.ChoiceField(label=label, choices=MailTime.choices, initial=way.mail)
            self.fields[f"{topic}.robot"] = forms.BooleanField(label=label, required=False, initial=way.robot)
        for name in ("quiet_from", "quiet_to", "digest_at"):
            widget = self.fields[name].widget
            if isinstance(widget, forms.TimeInput):
                widget.format = "%H:%M"

    @property
    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each topic with its three fields."""
        return [
            (str(label), [self[f"{topic}.{name}"] for name in ("in_app", "mail", "robot")])
            for topic, label in Topic.choices
        ]

    def values(self) -> dict[str, Any]:
        """Return what ``save_choices`` takes."""
        held = self.cleaned_data
        ways = {
            topic: Way(held[f"{topic}.in_app"], held[f"{topic}.mail"], held[f"{topic}.robot"]) for topic in Topic.values
        }
        names = ("quiet_from", "quiet_to", "digest_at", "mobile")
        return {"ways": ways, **{name: held[name] for name in names}}
