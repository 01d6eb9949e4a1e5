"""What became of a deal that was merged."""

from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity


def kept_deal(*, ref: str, user: User) -> Opportunity | None:
    """Return the deal into which ``ref`` was merged, if the person may see it."""
    rows = Opportunity.objects.visible_to(user).select_related("owner", "customer")
    return rows.filter(merged_from__ref=ref).first()
