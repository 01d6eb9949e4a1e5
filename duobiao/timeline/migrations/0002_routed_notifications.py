"""Note when a line of the bell was looked at for mail and chat robots; those of before are not sent."""

from django.conf import settings
from django.db import migrations, models


def leave_old_ones(apps, _editor):
    """Mark what stands in bells already, so that it is not sent."""
    rows = apps.get_model("timeline", "Notification").objects.filter(routed_at=None)
    rows.update(routed_at=models.F("at"))


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="routed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("routed_at__isnull", True)), fields=["at"], name="timeline_notification_new"
            ),
        ),
        migrations.RunPython(leave_old_ones, migrations.RunPython.noop),
    ]
