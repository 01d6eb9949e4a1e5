"""Coverage matrices: which person wants which need, which module of the solution answers it."""

from collections.abc import Sequence
from dataclasses import dataclass

from duobiao.customers.models import Contact
from duobiao.engagement.queries.choices import contacts_of
from duobiao.needs.models import Need, NeedModule, NeedVoice, SolutionModule
from duobiao.needs.queries.trees import NeedLine, Tree, tree_of
from duobiao.opportunities.models import Opportunity


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A need with how each person stands to it, in the order of the columns; None where nothing is noted."""

    line: NeedLine
    voices: tuple[NeedVoice | None, ...]


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A need with how far each module answers it, in the order of the columns; None where it does not."""

    line: NeedLine
    answers: tuple[NeedModule | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Both matrices of a deal.

    Attributes:
        silent: People of whom no stance to any need is noted.
        idle: Modules that answer no need.
        unanswered: Needs that no module answers.
    """

    tree: Tree
    people: tuple[Contact, ...]
    by_person: tuple[PersonRow, ...]
    modules: tuple[SolutionModule, ...]
    by_module: tuple[ModuleRow, ...]
    silent: tuple[Contact, ...]
    idle: tuple[SolutionModule, ...]
    unanswered: tuple[Need, ...]


def matrix_of(deal: Opportunity) -> Matrix:
    """Return both matrices; as many queries for any number of needs, people and modules."""
    tree = tree_of(deal)
    people = contacts_of(deal.customer, deal)
    voices = {
        (row.need_id, row.contact_id): row
        for row in NeedVoice.objects.filter(need__opportunity=deal, need__removed_at=None)
    }
    modules = modules_of(deal)
    rows = NeedModule.objects.filter(need__opportunity=deal, need__removed_at=None, module__removed_at=None)
    answers = {(row.need_id, row.module_id): row for row in rows}
    heard = {contact for _need, contact in voices}
    used = {module for _need, module in answers}
    answered = {need for need, _module in answers}
    lines = tree.lines
    return Matrix(
        tree=tree,
        people=tuple(people),
        by_person=tuple(
            PersonRow(line, tuple(voices.get((line.need.pk, person.pk)) for person in people)) for line in lines
        ),
        modules=tuple(modules),
        by_module=tuple(
            ModuleRow(line, tuple(answers.get((line.need.pk, module.pk)) for module in modules)) for line in lines
        ),
        silent=tuple(person for person in people if person.pk not in heard),
        idle=tuple(module for module in modules if module.pk not in used),
        unanswered=tuple(line.need for line in lines if line.need.pk not in answered),
    )


def modules_of(deal: Opportunity) -> Sequence[SolutionModule]:
    """Return the modules of the solution of a deal, in the order of their entry."""
    rows = SolutionModule.objects.live().filter(opportunity=deal).select_related("product")
    return list(rows.order_by("created_at", "pk"))
