"""What can happen to the value messages of a deal, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.customers.models import Function
from duobiao.kernel.events import Event


class ValueMessageWritten(Event):
    """What we say to a department in a stage was written, changed or taken back."""

    name = "opportunities.value_message_written"
    title = gettext_lazy("Value message written")
    icon = "message-2"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the department and what is said."""
        name = str(data.get("function", ""))
        department = str(Function(name).label) if name in Function.values else name
        return _("Value message to: %(department)s") % {"department": department}, str(data.get("message", ""))
