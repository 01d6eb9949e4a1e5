"""Forget what rows of files said about a person whose data were erased."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from duobiao.customers.models import Contact
from duobiao.customers.work_events import ContactErased
from duobiao.integrations.actions.make_export import withdraw_exports
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.models import ImportedRecord


def contact_erased(event: ContactErased, actor: Any, at: datetime) -> None:
    """Keep the id under which a person came in, so that the same file does not bring them back, and nothing else.

    Archives that were made before are withdrawn.
    """
    del actor
    withdraw_exports(now=at)
    keys = Contact.objects.filter(Q(ref=event.subject.ref) | Q(merged_into__ref=event.subject.ref)).values("pk")
    ImportedRecord.objects.filter(target=Target.CONTACTS, object_id__in=keys).update(values={}, erased=True)
