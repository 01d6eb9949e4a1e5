"""What a reader may do to one deal, decided with at most two queries however many buttons ask."""

from dataclasses import dataclass, field

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, scope_of
from duobiao.opportunities.models import Opportunity, Outcome


@dataclass(slots=True)
class DealRights:
    """Answers ``rights.may("opportunities.prove")`` for one reader and one deal."""

    actor: User
    deal: Opportunity
    on_team: bool
    _held: dict[Scope, bool] = field(default_factory=dict)

    @property
    def works_here(self) -> bool:
        """Whether the reader owns the deal or is on its team."""
        return self.on_team or self.deal.owner_id == self.actor.pk

    def may(self, verb: str) -> bool:
        """Whether the reader's reach for ``verb`` covers the deal."""
        scope = scope_of(self.actor, verb)
        if scope is Scope.NONE:
            return False
        if self.works_here or scope is Scope.ALL:
            return True
        if scope not in self._held:
            self._held[scope] = self.deal.in_scope(self.actor, scope)
        return self._held[scope]

    def may_open(self, verb: str) -> bool:
        """The same, while the deal is open."""
        return self.deal.is_open and self.may(verb)

    @property
    def may_prove(self) -> bool:
        """Whether evidence may be recorded: while the deal is open, and what follows the contract of a won one."""
        return self.deal.outcome in (Outcome.OPEN, Outcome.WON) and self.may("opportunities.prove")
