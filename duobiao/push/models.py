"""Tables of pushing: robots, what people choose, the outbox."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import Unit, User
from duobiao.kernel.refs import new_ref
from duobiao.push.domain import robots


def robot_ref() -> str:
    """Make the reference of a robot."""
    return new_ref("P")


def delivery_ref() -> str:
    """Make the reference of a delivery."""
    return new_ref("F")


class Topic(models.TextChoices):
    """What a notification is about; people choose by it."""

    APPROVALS = "APPROVALS", _("approvals")
    TASKS = "TASKS", _("tasks and promises")
    RISKS = "RISKS", _("risks and plans")
    MENTIONS = "MENTIONS", _("mentions")
    DEALS = "DEALS", _("everything else about projects")


class RobotKind(models.TextChoices):
    """Whose chat a robot stands in."""

    WECOM = robots.WECOM, _("WeCom")
    DINGTALK = robots.DINGTALK, _("DingTalk")
    FEISHU = robots.FEISHU, _("Feishu")


class MailTime(models.TextChoices):
    """When mail comes."""

    OFF = "OFF", pgettext_lazy("mail", "no mail")
    NOW = "NOW", pgettext_lazy("mail", "at once")
    DAILY = "DAILY", pgettext_lazy("mail", "daily digest")


class PushSettings(models.Model):
    """What holds for all pushing; exactly one row.

    Attributes:
        base_url: Address of this installation, for links back; without a slash at its end.
    """

    base_url = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="push_settings_single_row")]

    def __str__(self) -> str:
        return self.base_url

    @classmethod
    def load(cls) -> "PushSettings":
        """Return the settings; before anybody saved them, the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Robot(models.Model):
    """A group robot; it says what concerns the people of its unit.

    Attributes:
        address, secret: Sealed; the address holds the key of the robot, so it is a secret too.
        host: Of the address, to know it by.
        unit: Whose people it speaks of, its subtree counts; None for everybody.
        topics: What it says.
    """

    kind = models.CharField(pgettext_lazy("robot", "chat"), max_length=8, choices=RobotKind.choices)
    ref = models.CharField(max_length=16, unique=True, default=robot_ref)
    name = models.CharField(pgettext_lazy("robot", "name"), max_length=60)
    address = models.TextField()
    secret = models.TextField(blank=True)
    host = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    topics: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    is_active = models.BooleanField(_("on"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="push_robot_complete"),
        ]

    def __str__(self) -> str:
        return self.name


class TopicChoice(models.Model):
    """How one person wants to hear of one topic."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="topic_choices")
    topic = models.CharField(max_length=10, choices=Topic.choices)
    in_app = models.BooleanField(default=True)
    mail = models.CharField(max_length=5, choices=MailTime.choices, default=MailTime.OFF)
    robot = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "topic"], name="push_choice_once")]

    def __str__(self) -> str:
        return f"{self.topic} of {self.user_id}"


class PersonHours(models.Model):
    """When a person wants to be reached, in their zone, and by which number the chats know them."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="push_hours")
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    digest_at = models.TimeField()
    mobile = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="push_hours_quiet_from_and_to",
            ),
        ]

    def __str__(self) -> str:
        return f"hours of {self.user_id}"


class DeliveryState(models.TextChoices):
    """What became of a delivery."""

    WAITING = "WAITING", pgettext_lazy("delivery", "waits")
    SENT = "SENT", pgettext_lazy("delivery", "sent")
    FAILED = "FAILED", pgettext_lazy("delivery", "given up")


class Delivery(models.Model):
    """One message on its way: a mail to a person, or a robot's message.

    Attributes:
        key: Digest of what it is about; the same notification is never put twice.
        people: Names and numbers to mention.
        claimed_at: A worker has it in hand; after ten minutes another one may take it.
    """

    kind = "delivery"

    ref = models.CharField(max_length=16, unique=True, default=delivery_ref)
    key = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    robot = models.ForeignKey(Robot, null=True, on_delete=models.CASCADE, related_name="deliveries")
    digest = models.BooleanField(default=False)
    event = models.CharField(max_length=80)
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    people: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, robot__isnull=False) | Q(user__isnull=False, robot__isnull=True),
                name="push_delivery_to_one",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="push_delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
