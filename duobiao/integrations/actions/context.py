"""What all steps of one import share."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from duobiao.identity.models import CompanySettings, User
from duobiao.integrations.queries.references import References
from duobiao.integrations.schemas import Mapping
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Invalid
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, offered_version

Values = dict[str, Any]
"""Value by field as actions take it; references as keys of records."""


@dataclass(frozen=True, slots=True)
class Context:
    """One import at work.

    Attributes:
        today: The company's day on which the run began; days that a file does not give are this one.
        owner: Owner of customers and deals for which the file names none.
    """

    mapping: Mapping
    actor: User
    now: datetime
    today: date
    zone: str
    currency: str
    owner: User
    playbook: PlaybookVersion
    dry_run: bool
    references: References

    @property
    def source(self) -> str:
        """Name of the system the ids come from."""
        return self.mapping.source


@dataclass(slots=True)
class Planned:
    """A row that is to become, or to change, a record.

    Attributes:
        said: What the row says, as JSON, to be remembered.
        values: What is to be written.
    """

    line: int
    external_id: str
    said: dict[str, Any]
    values: Values
    object_id: int = 0
    cells: dict[str, str] = field(default_factory=dict)


def make_context(mapping: Mapping, *, actor: User, now: datetime, began_at: datetime, dry_run: bool) -> Context:
    """Look up what the mapping's defaults name.

    Raises:
        Invalid: the owner or the playbook does not exist.
    """
    company = CompanySettings.load()
    owner = actor
    if name := mapping.defaults.owner:
        found = User.objects.get_queryset().filter(username__iexact=name).first()
        if found is None:
            reason = _("Nobody has the sign-in name %(name)s.") % {"name": name}
            raise Invalid(reason, fields={"defaults.owner": reason})
        owner = found
    playbook = offered_version(mapping.defaults.playbook or DEFAULT_PLAYBOOK)
    if playbook is None:
        reason = _("There is no playbook %(name)s.") % {"name": mapping.defaults.playbook or DEFAULT_PLAYBOOK}
        raise Invalid(reason, fields={"defaults.playbook": reason})
    return Context(
        mapping=mapping,
        actor=actor,
        now=now,
        today=local_day(began_at, company.time_zone),
        zone=company.time_zone,
        currency=mapping.defaults.currency or company.currency,
        owner=owner,
        playbook=playbook,
        dry_run=dry_run,
        references=References(mapping.source, dry_run=dry_run),
    )
