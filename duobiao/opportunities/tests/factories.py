"""Plain builders of what tests of deals need."""

from datetime import UTC, date, datetime
from itertools import count

from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import Role, Unit, User
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all
from duobiao.opportunities.actions.create_opportunity import create_opportunity
from duobiao.opportunities.models import Grade, Opportunity
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.domain.model import Method
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, compiled_playbook, get_version

NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
"""09:20 in Shanghai on the 16th of September 2026."""
TODAY = date(2026, 9, 16)

_numbers = count(1)


def make_unit(name: str = "", parent: Unit | None = None) -> Unit:
    """Make an organisation unit."""
    return Unit.objects.create(name=name or f"Unit {next(_numbers)}", parent=parent)


def make_user(name: str = "", role: str = Role.SELLER, unit: Unit | None = None, **fields: object) -> User:
    """Make a person who can sign in with the password "correct horse 9"."""
    username = name or f"colleague{next(_numbers)}"
    user = User(username=username, name=username, role=role, unit=unit, **fields)
    user.set_password("correct horse 9")
    user.save()
    return user


def make_customer(owner: User, name: str = "", **fields: object) -> Customer:
    """Make a customer without going through its action."""
    name = name or f"Customer {next(_numbers)}"
    return Customer.objects.create(
        name=name, normal_name=name.lower(), owner=owner, created_at=NOW, touched_at=NOW, created_by=owner, **fields
    )


def make_contact(customer: Customer, name: str = "王海涛", **fields: object) -> Contact:
    """Make a contact."""
    return Contact.objects.create(customer=customer, name=name, created_at=NOW, touched_at=NOW, **fields)


def make_deal(owner: User, customer: Customer | None = None, *, now: datetime = NOW, **fields: object) -> Opportunity:
    """Open a deal through its action."""
    if get_version(DEFAULT_PLAYBOOK) is None:
        ship_playbooks(now=now)
    fields.setdefault("name", f"Deal {next(_numbers)}")
    fields.setdefault("amount", Money.of(1_280_000))
    return create_opportunity(customer=customer or make_customer(owner), actor=owner, now=now, **fields)


def draft(key: str, grade: int = Grade.DOCUMENTED, on: date = TODAY, **fields: object) -> Draft:
    """Make a draft whose quote supports up to DOCUMENTED."""
    fields.setdefault("quote", f"paper about {key}")
    return Draft(key, Grade(grade), on, **fields)


def prove_stages(
    deal: Opportunity, *stages: int, actor: User, now: datetime = NOW, skip: tuple[str, ...] = (), on: date = TODAY
) -> None:
    """Prove every gating item of some stages as a direct purchase needs it."""
    compiled = compiled_playbook(deal.playbook_id)
    drafts = [draft("procurement.method_known", on=on, method=Method.DIRECT)]
    for item in compiled.playbook.items:
        if item.gates and item.stage in stages and item.key not in skip and item.applies_to(Method.DIRECT):
            key = item.accepts_under(Method.DIRECT)[0].evidence
            if key != "procurement.method_known":
                drafts.append(draft(key, on=on))
    confirm_all(opportunity=deal, drafts=drafts, actor=actor, now=now)
