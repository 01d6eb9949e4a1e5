"""Tables of pushing, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.push.models import Delivery, PersonHours, PushSettings, Robot, TopicChoice
from duobiao.web.tables import Table, leave_out, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table(
            "notice_choices",
            TopicChoice,
            _("Own choice of notices"),
            rows=lambda user: TopicChoice.objects.filter(user=user),
        ),
        Table(
            "quiet_hours", PersonHours, _("Own quiet hours"), rows=lambda user: PersonHours.objects.filter(user=user)
        ),
    )
    leave_out("settings of the installation, with secrets", PushSettings, Robot)
    leave_out("messages on their way; what they say stands among the notices", Delivery)
