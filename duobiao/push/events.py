"""What can happen to pushing, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event


class RobotSaved(Event):
    """A robot was added or changed; its address and secret are never told."""

    name = "push.robot_saved"
    title = gettext_lazy("Chat robot saved")
    icon = "message-2"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the robot."""
        return str(cls.title), str(data["robot"])


class RobotRemoved(Event):
    """A robot was taken away."""

    name = "push.robot_removed"
    title = gettext_lazy("Chat robot removed")
    icon = "trash"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the robot."""
        return str(cls.title), str(data["robot"])


class RobotTested(Event):
    """A robot was tried; also words the message it says then."""

    name = "push.robot_tested"
    title = gettext_lazy("Chat robot tried")
    icon = "test-pipe"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the robot."""
        return str(cls.title), str(data["robot"])


class ChoicesSaved(Event):
    """Somebody chose how to be told."""

    name = "push.choices_saved"
    title = gettext_lazy("Notifications chosen")
    icon = "bell-ringing"


class DeliveryRetried(Event):
    """A delivery that was given up is tried again."""

    name = "push.delivery_retried"
    title = gettext_lazy("Delivery tried again")
    icon = "refresh"
