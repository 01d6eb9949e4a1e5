"""Give waivers that wait for a decision a request for approval; the hourly job of approvals asks at its first step."""

from typing import Any

from django.db import migrations
from django.utils import timezone

STEPS = [
    {
        "key": "manager",
        "name": {"zh-Hans": "主管经理", "en": "Line manager"},
        "approvers": {"by": "MANAGER"},
        "mode": "ANY",
        "deadline": {"days": 2, "unit": "WORKING"},
    }
]
"""The chain of waivers as shipped when this was written."""


def ask(apps: Any, _editor: Any) -> None:
    """Open one request for each pending waiver of an open deal."""
    waivers = apps.get_model("opportunities", "Waiver").objects
    waiting = waivers.filter(approved_on=None, ended_on=None, opportunity__outcome="OPEN").select_related("opportunity")
    if not waiting.exists():
        return
    requests = apps.get_model("approvals", "ApprovalRequest").objects
    chain, _created = apps.get_model("approvals", "ChainVersion").objects.get_or_create(
        matter="waiver", version=1, defaults={"steps": STEPS, "published_at": timezone.now()}
    )
    for waiver in waiting.order_by("asked_at", "pk"):
        deal = waiver.opportunity
        item = _item(deal, waiver.item)
        requests.create(
            matter="waiver",
            subject_kind="waiver",
            subject_ref=waiver.ref,
            owner_id=deal.owner_id,
            title=deal.name,
            facts={**item, "deal": deal.name, "reason": waiver.reason, "until": waiver.expires_on.isoformat()},
            amount_minor=deal.amount_minor,
            currency=deal.currency,
            chain=chain,
            plan=STEPS,
            asked_by_id=waiver.asked_by_id,
            asked_at=waiver.asked_at,
        )


def _item(deal: Any, key: str) -> dict[str, Any]:
    """Return key, title and stage of an item, read from the deal's stored playbook."""
    for stage in deal.playbook.document["stages"]:
        for rows in stage.values():
            for row in rows if isinstance(rows, list) else []:
                if isinstance(row, dict) and row.get("item") == key:
                    return {"item": key, "item_title": row["title"], "stage": int(key.split(".", maxsplit=1)[0])}
    return {"item": key, "stage": 0}


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0001_initial"),
        ("opportunities", "0003_closing_approver"),
        ("playbooks", "0001_initial"),
    ]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop, elidable=True)]
