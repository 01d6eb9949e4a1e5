"""Let a lane of the board come in order of amount by index, and let people begin with one of their views."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
        ("opportunities", "0001_initial"),
        ("playbooks", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="opportunity", name="opportunities_outcome_stage"),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(fields=["outcome", "stage_number", "amount_minor"], name="opportunities_lane"),
        ),
        migrations.AddField(
            model_name="savedview",
            name="is_default",
            field=models.BooleanField(default=False, verbose_name="default"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(is_default=True), fields=("user",), name="opportunities_view_one_default"
            ),
        ),
    ]
