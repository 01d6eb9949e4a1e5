"""Do the steps of the story that foresee: fields changed, risks reported, strategies, contingency plans."""

from collections.abc import Callable

from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.edit_opportunity import edit_opportunity
from duobiao.opportunities.actions.keep_thread import keep_thread
from duobiao.opportunities.actions.report_risk import Sight, report_risk
from duobiao.opportunities.actions.write_message import write_message
from duobiao.playbooks.queries import compiled_playbook
from duobiao.strategy.actions.advance_plan import advance_plan
from duobiao.strategy.actions.prepare_plan import prepare_plan
from duobiao.strategy.actions.review_strategy import review_strategy
from duobiao.strategy.actions.write_strategy import write_strategy
from duobiao.strategy.models import ContingencyPlan
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Step


def edit(cast: Cast, step: Step) -> None:
    """Move the expected signature, or change the amount."""
    deal, values = cast.deal(step.deal), step.values
    changed: dict[str, object] = {}
    if "signs" in values:
        changed["expected_close_on"] = cast.calendar.day(values["signs"])
    if "amount" in values:
        changed["amount"] = Money.of(values["amount"] * 10_000)
    edit_opportunity(opportunity=deal, version=deal.version, values=changed, actor=_person(cast, step), now=step.at)


def change_contact(cast: Cast, step: Step) -> None:
    """Note that somebody at the customer got another post or role."""
    contact = cast.contacts[step.values["who"]]
    contact.refresh_from_db()
    edit_contact(
        contact=contact, version=contact.version, values=step.values["set"], actor=_person(cast, step), now=step.at
    )


def report(cast: Cast, step: Step) -> None:
    """Report a risk that the records do not show yet."""
    values = step.values
    sight = Sight(rule=values["rule"], seen=values["seen"], on=step.at.date(), said_by=values.get("said", ""))
    report_risk(opportunity=cast.deal(step.deal), sight=sight, actor=_person(cast, step), now=step.at)


def write(cast: Cast, step: Step) -> None:
    """Write a version of the strategy."""
    write_strategy(
        opportunity=cast.deal(step.deal),
        texts=step.values["texts"],
        review_on=cast.calendar.day(step.values["review"]),
        actor=_person(cast, step),
        now=step.at,
    )


def review(cast: Cast, step: Step) -> None:
    """Review the strategy in force."""
    findings = step.values["findings"]
    review_strategy(opportunity=cast.deal(step.deal), findings=findings, actor=_person(cast, step), now=step.at)


def prepare(cast: Cast, step: Step) -> None:
    """Prepare a contingency plan."""
    values = step.values
    prepare_plan(
        opportunity=cast.deal(step.deal),
        rule=values["rule"],
        texts={"trigger": values["trigger"], "plan": values["plan"]},
        owner=cast.users[values["owner"]],
        due_on=cast.calendar.day(values["due"]),
        actor=_person(cast, step),
        now=step.at,
    )


def activate(cast: Cast, step: Step) -> None:
    """Activate the contingency plan for a risk."""
    plan = ContingencyPlan.objects.get(opportunity=cast.deals[step.deal], rule=step.values["rule"])
    note = step.values.get("note", "")
    advance_plan(plan=plan, state="ACTIVATED", note=note, actor=_person(cast, step), now=step.at)


def keep_line(cast: Cast, step: Step) -> None:
    """Note what a department cares about, and who of ours keeps the line to it."""
    values = step.values
    keep_thread(
        opportunity=cast.deal(step.deal),
        function=values["function"],
        concern=values["concern"],
        keeper=cast.users[values["keeper"]],
        quiet_days=values.get("quiet", 30),
        version=0,
        actor=_person(cast, step),
        now=step.at,
    )


def write_value(cast: Cast, step: Step) -> None:
    """Write what we say to a department in a stage."""
    deal, values = cast.deal(step.deal), step.values
    stages = compiled_playbook(deal.playbook_id).playbook.stages
    write_message(
        opportunity=deal,
        stage=stages[values["stage"] - 1].key,
        function=values["function"],
        message=values["message"],
        proof=values.get("proof", ""),
        document=None,
        version=0,
        actor=_person(cast, step),
        now=step.at,
    )


FORESEEING: dict[str, Callable[[Cast, Step], None]] = {
    "edit": edit,
    "change_contact": change_contact,
    "report_risk": report,
    "write_strategy": write,
    "review_strategy": review,
    "prepare_plan": prepare,
    "activate_plan": activate,
    "keep_line": keep_line,
    "write_message": write_value,
}


def _person(cast: Cast, step: Step) -> User:
    return cast.users[step.values.get("by") or cast.specs[step.deal]["owner"]]
