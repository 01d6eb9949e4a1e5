"""Give the open issues of a person who left to their successor."""

from datetime import datetime

from duobiao.customers.models import Issue
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User


def give_issues_on(event: UserDeactivated, actor: User, at: datetime) -> None:
    """Let the successor solve what the leaver was to solve; without one the owners of the customers do."""
    del actor, at
    leaver = User.objects.get(ref=event.subject.ref)
    rows = Issue.objects.open().filter(owner=leaver).select_related("customer")
    if event.successor is not None:
        rows.update(owner=User.objects.get(ref=event.successor.ref))
        return
    for issue in rows.exclude(customer__owner=leaver):
        Issue.objects.filter(pk=issue.pk).update(owner_id=issue.customer.owner_id, version=issue.version + 1)
