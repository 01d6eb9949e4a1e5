"""Records of deals for the route matrix; all belong to the owner."""

from datetime import timedelta

from django.utils import timezone

from duobiao.opportunities.actions.add_task import add_task
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.carry_out_migration import carry_out
from duobiao.opportunities.actions.change_participants import add_participant
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.actions.close_opportunity import close_opportunity
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.actions.decide_suggestion import Choice, decide_suggestion
from duobiao.opportunities.actions.migrate_deals import migrate_deals
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.actions.report_risk import Sight, report_risk
from duobiao.opportunities.domain.calibration import LEAST_CLOSED
from duobiao.opportunities.models import Opportunity, Product, Proof, SavedView, Waiver
from duobiao.opportunities.tests.factories import draft, make_contact, make_customer, make_deal, make_user
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook
from tests.support.routes import Sample, World

INTEREST = "engagement.interest_shown"


def _deal(world: World) -> Opportunity:
    return make_deal(world.owner, now=timezone.now() - timedelta(days=1))


def _parts(world: World, held: Opportunity) -> dict[str, str]:
    return {
        "ref": held.ref,
        "to": world.actors["manager"].ref,
        "customer": held.customer.ref,
        "today": company_day(timezone.now()).isoformat(),
    }


def deal(world: World) -> dict[str, str]:
    """A deal, its customer, and somebody to hand it to."""
    return _parts(world, _deal(world))


def closed_deal(world: World) -> dict[str, str]:
    """A lost deal."""
    held = _deal(world)
    now = timezone.now()
    close_opportunity(opportunity=held, outcome="LOST", reason="PRICE", on=company_day(now), actor=world.owner, now=now)
    return _parts(world, held)


def _proof(world: World, held: Opportunity, **fields: object) -> Proof:
    now = timezone.now()
    grade = 3 if fields else 2
    wanted = draft(INTEREST, grade, company_day(now), **fields)
    return confirm_evidence(opportunity=held, draft=wanted, actor=world.owner, now=now).proof


def proof(world: World) -> dict[str, str]:
    """A proof of a deal."""
    held = _deal(world)
    return {**_parts(world, held), "proof_ref": _proof(world, held).ref}


def claimed_proof(world: World) -> dict[str, str]:
    """A claimed buyer confirmation that awaits a second person."""
    held = _deal(world)
    found = _proof(world, held, contact=make_contact(held.customer), channel="PHONE")
    return {**_parts(world, held), "proof_ref": found.ref}


def _waiver(world: World, held: Opportunity, who: str) -> Waiver:
    now = timezone.now()
    actor = world.actors[who]
    return ask_waiver(opportunity=held, item="1.S4", reason="在途", expires_on=company_day(now), actor=actor, now=now)


def waiver(world: World) -> dict[str, str]:
    """A waiver the owner asked for, waiting."""
    held = _deal(world)
    return {**_parts(world, held), "waiver_ref": _waiver(world, held, "owner").ref}


def running_waiver(world: World) -> dict[str, str]:
    """A waiver of the manager, in force."""
    held = _deal(world)
    return {**_parts(world, held), "waiver_ref": _waiver(world, held, "manager").ref}


def team(world: World) -> dict[str, str]:
    """A deal with a colleague on its team."""
    held = _deal(world)
    colleague = make_user(unit=world.owner.unit)
    add_to_team(opportunity=held, user=colleague, role="PRESALES", actor=world.owner, now=timezone.now())
    return {**_parts(world, held), "user_ref": colleague.ref}


def participant(world: World) -> dict[str, str]:
    """A deal with an agent."""
    held = _deal(world)
    agent = make_customer(world.owner)
    add_participant(opportunity=held, customer=agent, role="AGENT", actor=world.owner, now=timezone.now())
    return {**_parts(world, held), "customer_ref": agent.ref}


def saved_view(world: World) -> dict[str, str]:
    """A view of the owner that nobody shares."""
    held = SavedView.objects.create(user=world.owner, name="在手", created_at=timezone.now())
    return {"ref": held.ref}


def thread(world: World) -> dict[str, str]:
    """The line to a department of a deal, and its first stage."""
    held = _deal(world)
    stage = compiled_playbook(held.playbook_id).playbook.stages[0].key
    return {**_parts(world, held), "function": "FINANCE", "stage": stage}


def no_link(world: World) -> dict[str, str]:
    """A link that leads nowhere."""
    del world
    return {"token": "dbl_unknown"}


def product(world: World) -> dict[str, str]:
    """A product on sale."""
    del world
    return {"ref": Product.objects.create(code="MES-1", name="MES").ref}


def participant_page(world: World) -> dict[str, str]:
    """A deal with an agent, as its page names the participation."""
    parts = participant(world)
    return {**parts, "key": str(Opportunity.objects.get(ref=parts["ref"]).participants.get().pk)}


def risk_report(world: World) -> dict[str, str]:
    """A risk somebody reported."""
    held = _deal(world)
    now = timezone.now()
    sight = Sight(rule="rivals_active", seen="对手到访", on=company_day(now))
    found = report_risk(opportunity=held, sight=sight, actor=world.owner, now=now)
    return {**_parts(world, held), "report_ref": found.ref}


def task(world: World) -> dict[str, str]:
    """A task of the owner."""
    held, now = _deal(world), timezone.now()
    owner = world.owner
    found = add_task(opportunity=held, title="寄样品", owner=owner, due_on=company_day(now), actor=owner, now=now)
    return {**_parts(world, held), "owner": owner.ref, "task_ref": found.ref}


def suggestion(world: World) -> dict[str, str]:
    """A deal of which somebody put a suggestion off."""
    held, now = _deal(world), timezone.now()
    later = Choice("SNOOZED", until=company_day(now) + timedelta(days=3))
    decide_suggestion(opportunity=held, key="CALL", choice=later, actor=world.owner, now=now)
    return _parts(world, held)


def migration(world: World) -> dict[str, str]:
    """A run that moved a deal of the owner."""
    held, now = _deal(world), timezone.now()
    target = PlaybookVersion.objects.get(key="solution-5", version=1)
    boss = world.actors["administrator"]
    run = migrate_deals(chosen=[(held, held.version)], target=target, actor=boss, now=now)
    carry_out(run.ref, clock=timezone.now)
    return {"ref": run.ref}


def calibrated(world: World) -> dict[str, str]:
    """A stage that enough lost deals completed, far from the playbook's own rate."""
    held, today = _deal(world), company_day(timezone.now())
    for number in range(LEAST_CLOSED):
        lost = {"outcome": "LOST", "closed_on": today, "completed_stage": 2}
        copy = Opportunity.objects.get(pk=held.pk)
        copy.pk, copy.ref = None, f"P-CALIBRATE{number:02d}"
        for name, value in lost.items():
            setattr(copy, name, value)
        copy.save(force_insert=True)
    return {"stage": "2"}


def shipped(world: World) -> dict[str, str]:
    """The playbooks, with a deal on one of them."""
    _deal(world)
    return {}


def _page_of(sample: Sample, name: str, as_name: str = "ref") -> Sample:
    """Turn the parts of an operation into those of a page about the record itself."""
    return lambda world: (parts := sample(world)) | {as_name: parts[name]}


SAMPLES: dict[str, Sample] = {
    "no_link": no_link,
    "thread": thread,
    "saved_view": saved_view,
    "product": product,
    "deal": deal,
    "closed_deal": closed_deal,
    "proof": proof,
    "claimed_proof": claimed_proof,
    "waiver": waiver,
    "running_waiver": running_waiver,
    "team": team,
    "participant": participant,
    "deal_profile": lambda world: {**deal(world), "who": "customer"},
    "participant_page": participant_page,
    "team_page": _page_of(team, "user_ref", "user"),
    "risk_report": risk_report,
    "risk_report_page": _page_of(risk_report, "report_ref"),
    "deal_suggestion": suggestion,
    "task": task,
    "task_page": _page_of(task, "task_ref"),
    "migration": migration,
    "calibrated": calibrated,
    "shipped": shipped,
    "risk_rule": lambda _world: {"rule": "silence"},
    "waiver_page": _page_of(waiver, "waiver_ref"),
    "running_waiver_page": _page_of(running_waiver, "waiver_ref"),
    "proof_page": _page_of(proof, "proof_ref"),
    "claimed_proof_page": _page_of(claimed_proof, "proof_ref"),
}
