"""Drafts for tests."""

from datetime import datetime
from typing import Any

from duobiao.identity.models import User
from duobiao.playbooks.actions.end_draft import publish_draft
from duobiao.playbooks.actions.open_draft import clone_playbook
from duobiao.playbooks.actions.save_draft import change_draft
from duobiao.playbooks.domain import editing
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, get_version


def draft_from(key: str = DEFAULT_PLAYBOOK, *, actor: User, now: datetime, new_key: str = "") -> PlaybookDraft:
    """Clone the newest version of a playbook."""
    base = get_version(key)
    assert base is not None
    return clone_playbook(playbook=base, key=new_key or key, actor=actor, now=now)


def changed(draft: PlaybookDraft, actor: User, now: datetime, change: Any) -> PlaybookDraft:
    """Apply a change to what is stored now."""
    draft.refresh_from_db()
    return change_draft(draft=draft, version=draft.version, change=change, actor=actor, now=now)


def with_other_rates(document: dict[str, Any]) -> dict[str, Any]:
    """Raise every rate but the last by one."""
    rates = document["rates"]
    return editing.with_rates(document, [rates[0], *(rate + 1 for rate in rates[1:-1]), rates[-1]])


def publish(draft: PlaybookDraft, actor: User, now: datetime) -> PlaybookVersion:
    """Publish a draft as it is stored now."""
    draft.refresh_from_db()
    return publish_draft(draft=draft, version=draft.version, actor=actor, now=now)


def next_version(key: str = DEFAULT_PLAYBOOK, *, actor: User, now: datetime) -> PlaybookVersion:
    """Publish the next version of a playbook, with other rates."""
    draft = draft_from(key, actor=actor, now=now)
    return publish(changed(draft, actor, now, with_other_rates), actor, now)
