"""Write the playbook version of each waiver: the one its deal is on, since no deal has moved before."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, _schema_editor: Any) -> None:
    """Copy the version from the deal."""
    waivers = apps.get_model("opportunities", "Waiver").objects.filter(playbook__isnull=True)
    deals = apps.get_model("opportunities", "Opportunity").objects.filter(pk=OuterRef("opportunity_id"))
    waivers.update(playbook_id=Subquery(deals.values("playbook_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0009_migration_of_deals")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
