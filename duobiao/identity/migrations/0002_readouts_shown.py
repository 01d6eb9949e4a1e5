"""Let a company switch MEDDPICC and the Blue Sheet on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="companysettings",
            name="shows_blue_sheet",
            field=models.BooleanField(default=False, verbose_name="the Blue Sheet is shown on projects"),
        ),
        migrations.AddField(
            model_name="companysettings",
            name="shows_meddpicc",
            field=models.BooleanField(default=False, verbose_name="MEDDPICC is shown on projects"),
        ),
    ]
