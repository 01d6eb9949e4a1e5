"""What the story prepares for the first visits: survey sheets, versions of drafts, purchase processes."""

from collections.abc import Callable
from typing import Any

from duobiao.documents.actions.store_upload import store_upload
from duobiao.engagement.actions.choose_pack import choose_pack
from duobiao.engagement.actions.fill_survey import fill_survey
from duobiao.engagement.actions.process_values import Duty, Process
from duobiao.engagement.actions.process_values import Step as ProcessStep
from duobiao.engagement.actions.record_process import record_process
from duobiao.engagement.actions.submit_draft import answer_draft, submit_draft
from duobiao.engagement.models import Visit
from duobiao.engagement.queries.pack import pack_of
from duobiao.knowledge.actions.keep_entries import add_entry
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Step, read

LIBRARY = -30
"""Day on which the library was filled."""


def preparing(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    told = read("preparing.yaml")
    steps = [Step(calendar.at(row["day"], 14), 0, "submit_draft", values=row) for row in told["drafts"]]
    steps += [Step(calendar.at(row["day"], 16), 0, "record_process", values=row) for row in told["processes"]]
    steps.append(Step(calendar.at(LIBRARY, 9), 0, "fill_library", values=read("library.yaml")))
    steps += [Step(calendar.at(row["day"], 18), 5, "choose_pack", values=row) for row in told["packs"]]
    return [*steps, *(Step(calendar.at(row["day"], 17), 4, "fill_survey", values=row) for row in told["surveys"])]


def library(cast: Cast, step: Step) -> None:
    """Enter the cases and technology overviews that may be shown."""
    for told in step.values["cases"]:
        values = {name: value for name, value in told.items() if name != "finished"}
        values["finished_on"] = cast.calendar.day(told["finished"])
        add_entry(ReferenceCase, values=values, actor=cast.users["zhoujianguo"], now=step.at)
    for told in step.values["overviews"]:
        values = {**told, "as_of": cast.calendar.day(told["as_of"])}
        add_entry(TechnologyOverview, values=values, actor=cast.users["zhoujianguo"], now=step.at)


def pack(cast: Cast, step: Step) -> None:
    """Let the visits a deal has ahead take along what fits best."""
    deal = cast.deal(step.values["deal"])
    for visit in Visit.objects.planned().filter(opportunity=deal, planned_at__gt=step.at):
        fits = pack_of(visit, deal.owner)
        cases = [row.entry.ref for row in fits.cases[:1] if row.points]
        overviews = [row.entry.ref for row in fits.overviews[:1] if row.points]
        given: dict[str, Any] = {"version": visit.version, "cases": cases, "overviews": overviews}
        choose_pack(visit=visit, **given, actor=deal.owner, now=step.at)


def draft(cast: Cast, step: Step) -> None:
    """Hand a version of a draft over; note what they said to it at once where it is told."""
    told, deal = step.values, cast.deal(step.values["deal"])
    file = store_upload(name=told["file"], chunks=[told["title"].encode()], actor=deal.owner, now=step.at)
    values: dict[str, Any] = {name: told[name] for name in ("title", "parts", "channel", "changes") if name in told}
    made = submit_draft(
        opportunity=deal,
        document=file,
        received_by=cast.contacts[told["to"]],
        values=values,
        actor=deal.owner,
        now=step.at,
    )
    if "remark" not in told:
        return
    day, who, channel, words = told["remark"]
    answer_draft(
        draft=made,
        version=1,
        remark=words,
        said_by=cast.contacts[who],
        channel=channel,
        said_on=cast.calendar.day(day),
        actor=deal.owner,
        now=cast.calendar.at(day, 17),
    )


def process(cast: Cast, step: Step) -> None:
    """Record how a customer purchases."""
    told, deal = step.values, cast.deal(step.values["deal"])
    duties = [Duty(function, cast.contacts[who], duty=duty) for function, who, duty in told["duties"]]
    given = Process(
        steps=[ProcessStep(*row) for row in told["steps"]],
        duties=duties,
        project_lead=cast.contacts[told["lead"]],
        decider=cast.contacts[told["decider"]],
        told_by=cast.contacts[told["told_by"]],
        channel="MEETING",
        quote=told["words"],
    )
    record_process(opportunity=deal, number=0, process=given, actor=deal.owner, now=step.at)


def survey(cast: Cast, step: Step) -> None:
    """Set the aims of the visits a deal has ahead, with what is known already."""
    told, deal = step.values, cast.deal(step.values["deal"])
    for visit in Visit.objects.planned().filter(opportunity=deal, planned_at__gt=step.at):
        given: dict[str, Any] = {"version": visit.version, "aims": told["aims"], "answers": told.get("answers", {})}
        fill_survey(visit=visit, **given, actor=deal.owner, now=step.at)


PREPARING: dict[str, Callable[[Cast, Step], None]] = {
    "submit_draft": draft,
    "record_process": process,
    "fill_survey": survey,
    "fill_library": library,
    "choose_pack": pack,
}
