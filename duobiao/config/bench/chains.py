"""Decision chains: one of 300 people and 2,000 lines measured, and those of 1,000 deals measured set-wise in one job."""

import random
import time
from typing import Any, Final

from django.utils import timezone

from duobiao.config.bench.clock import median_seconds
from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.actions.follow_chains import follow_all
from duobiao.stakeholders.domain.graph import LinkKind, Tie, measure
from duobiao.stakeholders.models import ChainRole, DealPerson, InfluenceLink, Observation

PEOPLE, LINKS, DEALS, PER_DEAL, RUNS = 300, 2_000, 1_000, 8, 7
ROLES: Final = ("FINAL_DECIDER", "INFLUENCER", "GATEKEEPER", "USER")


def measure_chains() -> dict[str, Any]:
    """Measure both; adds people to the first open deals."""
    dice = random.Random(11)
    _fill(dice)
    started = time.perf_counter()
    deals = follow_all(now=timezone.now())
    seconds = round(time.perf_counter() - started, 2)
    graph = round(1000 * median_seconds(_graph(dice), runs=RUNS), 1)
    return {"graph_ms": graph, "deals": deals, "seconds": seconds}


def _graph(dice: random.Random) -> Any:
    people = list(range(PEOPLE))
    ties = [Tie(person, dice.randrange(person), LinkKind.FORMAL) for person in people[1:]]
    while len(ties) < LINKS:
        source, target = dice.sample(people, 2)
        ties.append(Tie(source, target, LinkKind.INFORMAL, dice.choice((0.5, 1.0, 1.5, 2.0))))
    return lambda: measure(people, ties)


def _fill(dice: random.Random) -> None:
    now, today = timezone.now(), timezone.localdate()
    user = User.objects.get(username="boss")
    deals = list(Opportunity.objects.open().order_by("pk")[:DEALS])
    contacts = Contact.objects.bulk_create(
        Contact(customer_id=deal.customer_id, name=f"联系人{number}", created_at=now, touched_at=now)
        for deal in deals
        for number in range(PER_DEAL)
    )
    people = DealPerson.objects.bulk_create(
        DealPerson(
            opportunity=deals[place // PER_DEAL],
            contact=contact,
            role=ROLES[place % PER_DEAL] if place % PER_DEAL < len(ROLES) else ChainRole.USER,
            department=f"部门{place % 4}",
            joined_on=today,
            added_at=now,
            added_by=user,
        )
        for place, contact in enumerate(contacts)
    )
    Observation.objects.bulk_create(
        Observation(
            person=person,
            topic="STANCE",
            value=dice.randint(-2, 2),
            source=f"来源{number}",
            confidence_percent=dice.randint(30, 95),
            observed_on=today,
            recorded_at=now,
            recorded_by=user,
        )
        for person in people
        for number in range(2)
    )
    InfluenceLink.objects.bulk_create(
        InfluenceLink(
            opportunity_id=person.opportunity_id,
            source=person,
            target=people[place - place % PER_DEAL],
            link_kind="FORMAL",
            since=today,
            added_at=now,
            added_by=user,
        )
        for place, person in enumerate(people)
        if place % PER_DEAL
    )
