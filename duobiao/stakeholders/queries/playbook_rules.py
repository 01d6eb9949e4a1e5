"""What the pinned playbook of a deal asks of the people of its purchase."""

from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.people import HalfLives, Relation
from duobiao.playbooks.queries import compiled_playbook


def half_lives_of(deal: Opportunity) -> HalfLives:
    """Return in how many days the confidence in a judgement halves, by its topic."""
    return compiled_playbook(deal.playbook_id).playbook.half_lives


def relations_until(deal: Opportunity, stage: int) -> tuple[Relation, ...]:
    """Return how far a stage wants us to have come with whom, and what earlier stages want, which stays wanted."""
    stages = compiled_playbook(deal.playbook_id).playbook.stages
    return tuple(relation for held in stages if held.number <= stage for relation in held.relations)
