"""Tables of people and units, by the names people know them by."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import (
    ApiToken,
    CompanySettings,
    Counter,
    IdempotencyKey,
    RoleGrant,
    Unit,
    User,
)
from duobiao.web.tables import Table, leave_out, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("units", Unit, _("Units"), rows=lambda _user: Unit.objects.all()),
        Table(
            "people",
            User,
            pgettext_lazy("table", "Colleagues"),
            rows=User.objects.visible_to,
            left_out=("password", "email", "last_login", "language", "time_zone", "created_at"),
        ),
        Table(
            "api_tokens",
            ApiToken,
            _("Own API tokens"),
            rows=lambda user: ApiToken.objects.filter(user=user),
            left_out=("digest",),
        ),
    )
    leave_out("settings of the installation", RoleGrant, CompanySettings, Counter)
    leave_out("answers of the API kept for two days", IdempotencyKey)
