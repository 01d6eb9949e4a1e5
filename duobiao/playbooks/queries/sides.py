"""The two sides of a comparison: a version, or a draft for those who may see drafts."""

import re
from dataclasses import dataclass

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook, get_version
from duobiao.playbooks.queries.drafts import get_draft, read_draft

VERSION = re.compile(r"([A-Za-z0-9_-]{1,60})/([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Side:
    """One side: the playbook, and the record it comes from."""

    playbook: Playbook
    record: PlaybookVersion | PlaybookDraft

    @property
    def ref(self) -> str:
        """How the address names it."""
        return self.record.ref


def side_of(ref: str, actor: User) -> Side | None:
    """Return a version by ``key/number`` or a draft by its reference; None where the person may not see it."""
    if version := VERSION.fullmatch(ref):
        found = get_version(version[1], int(version[2]))
        return Side(compiled_playbook(found.pk).playbook, found) if found is not None else None
    draft = get_draft(ref) if policy.allows(actor, "playbooks.edit") else None
    return Side(read_draft(draft.document)[0], draft) if draft is not None else None
