"""Tell the story: all steps in their order, with the days between them, in one transaction."""

import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Min

from duobiao.customers.actions.solve_issues import escalate_issues
from duobiao.customers.models import Customer
from duobiao.identity.models import CompanySettings, User
from duobiao.integrations.actions.finish_run import carry_out
from duobiao.integrations.models import ImportRun
from duobiao.integrations.queries.sources import files_in
from duobiao.kernel.days import local_day
from duobiao.opportunities.actions.judge_signals import judge_all
from duobiao.opportunities.actions.note_suggestions import note_suggestions
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, compiled_playbook, offered_version
from duobiao.timeline.actions.mark_read import mark_read
from duobiao.workbench.story.acting import VERBS
from duobiao.workbench.story.analysing import ANALYSING, analysing
from duobiao.workbench.story.calling import CALLING, calling
from duobiao.workbench.story.cast import SOURCE, Cast, hire, meet_customers
from duobiao.workbench.story.chaining import CHAINING, chaining
from duobiao.workbench.story.competing import COMPETING, competing
from duobiao.workbench.story.confirming import CONFIRMING
from duobiao.workbench.story.finding import FINDING, finding
from duobiao.workbench.story.knowing import KNOWING, knowing
from duobiao.workbench.story.meeting import ROUTINE, routine
from duobiao.workbench.story.needing import NEEDING, needing
from duobiao.workbench.story.networking import NETWORKING, find_doubles, networking
from duobiao.workbench.story.planning import FORESEEING
from duobiao.workbench.story.plotting import Plot
from duobiao.workbench.story.preparing import PREPARING, preparing
from duobiao.workbench.story.reviewing import REVIEWING
from duobiao.workbench.story.supplying import SUPPLYING, supplying
from duobiao.workbench.story.telling import DATA, Calendar, Spec, Step, deals

HIRED, MET, BROUGHT_IN, READ = -440, -430, -100, -12
"""Days on which the company set the system up, entered its customers, imported its old list, last read its bells."""

Progress = Callable[[int, int], None]
"""Told how many steps of how many are done."""
EVERY_VERB = {
    **VERBS,
    **CONFIRMING,
    **FORESEEING,
    **REVIEWING,
    **ROUTINE,
    **FINDING,
    **KNOWING,
    **NETWORKING,
    **ANALYSING,
    **CALLING,
    **PREPARING,
    **SUPPLYING,
    **CHAINING,
    **COMPETING,
    **NEEDING,
}


def is_told() -> bool:
    """Whether the story is in this database already."""
    return Customer.objects.filter(external_source=SOURCE).exists()


@transaction.atomic
def tell_story(*, admin: User, password: str, now: datetime, progress: Progress = lambda *_: None) -> bool:
    """Bring the whole story into the database, or none of it; False when it is there already.

    Args:
        password: For everybody in the story; for demonstrations only.
        now: The present; the story ends the day before.
    """
    if is_told():
        return False
    zone = CompanySettings.load().time_zone
    calendar = Calendar(local_day(now, zone), zone)
    cast = Cast(calendar, admin)
    hire(cast, password=password, now=calendar.at(HIRED))
    meet_customers(cast, now=calendar.at(MET))
    steps = _steps(cast)
    passed = calendar.day(MET)
    for number, step in enumerate(steps, start=1):
        passed = _let_days_pass(passed, step.at.astimezone(calendar.at(0).tzinfo).date(), calendar)
        _perform(cast, step)
        progress(number, len(steps))
    _let_days_pass(passed, calendar.today, calendar)
    escalate_issues(on=calendar.today, now=calendar.today_at(0, 10))
    judge_all(now=calendar.today_at(0, 20))
    note_suggestions(now=calendar.today_at(0, 40))
    find_doubles(calendar.today_at(2, 40))
    return True


def _steps(cast: Cast) -> list[Step]:
    cast.specs = deals()
    steps = [step for spec in cast.specs.values() for step in Plot(spec, cast.calendar, _playbook(spec)).all_steps()]
    steps.append(Step(cast.calendar.at(BROUGHT_IN, 8), 0, "bring_in"))
    steps.append(Step(cast.calendar.at(READ, 8), 0, "read_bells"))
    steps += [*routine(cast.calendar), *finding(cast.calendar), *knowing(cast.calendar), *networking(cast.calendar)]
    steps += analysing(cast.calendar)
    steps += [*calling(cast.calendar), *preparing(cast.calendar)]
    steps += supplying(cast.calendar)
    steps += chaining(cast.calendar)
    steps += competing(cast.calendar)
    steps += needing(cast.calendar)
    return sorted(steps, key=lambda step: (step.at, step.deal, step.order))


def _playbook(spec: Spec) -> Playbook:
    key = spec.get("playbook", DEFAULT_PLAYBOOK)
    version = offered_version(key)
    if version is None:
        raise LookupError(f"the shipped playbook {key} is missing")
    return compiled_playbook(version.pk).playbook


def _perform(cast: Cast, step: Step) -> None:
    if step.verb == "bring_in":
        _bring_in(cast, step.at)
    elif step.verb == "read_bells":
        judge_all(now=step.at)
        for user in cast.users.values():
            mark_read(actor=user, now=step.at)
    else:
        EVERY_VERB[step.verb](cast, step)


def _let_days_pass(passed: date, until: date, calendar: Calendar) -> date:
    """Run the daily job on each day on which something was due."""
    while True:
        due = Opportunity.objects.filter(reassess_on__lte=until).aggregate(first=Min("reassess_on"))["first"]
        if due is None:
            return until
        passed = max(passed, due)
        at = datetime.combine(passed, datetime.min.time(), calendar.at(0).tzinfo) + timedelta(minutes=5)
        reassess_due(now=at)


def _bring_in(cast: Cast, now: datetime) -> None:
    """Import the list of deals that was kept in a spreadsheet before."""
    text = (DATA / "legacy.csv").read_text(encoding="utf-8")
    for offset in (-210, -175, -520, -455):
        text = text.replace(f"{{{offset}}}", cast.calendar.day(offset).isoformat())
    mapping = (DATA / "legacy.yaml").read_text(encoding="utf-8")
    run = ImportRun.objects.create(source="old-sheet", mapping=mapping, actor=cast.admin, created_at=now)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "legacy.csv").write_text(text, encoding="utf-8")
        carry_out(run, files_in(Path(folder)), now=now, progress=lambda _rows: None)
