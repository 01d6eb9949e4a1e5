"""Titles of the items of playbooks."""

from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, compiled_playbook, text_of


def item_title(key: str, playbook: str, language: str | None) -> str:
    """Return the title of an item in the newest version of a playbook that has it; "" without one."""
    versions = PlaybookVersion.objects.filter(key=playbook or DEFAULT_PLAYBOOK).order_by("-version")
    for version in versions.values_list("pk", flat=True):
        slot = compiled_playbook(version).by_key.get(key)
        if slot is not None:
            return text_of(slot.item.title, language)
    return ""
