"""Let customers be found by code, number and site: the check for duplicates asks for each."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_resources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["mobile"], name="customers_contact_mobile"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["phone"], name="customers_contact_phone"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["credit_code"], name="customers_customer_code"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["phone"], name="customers_customer_phone"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["website"], name="customers_customer_website"),
        ),
    ]
