"""Value messages of a deal by stage and department, and the gaps among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language

from duobiao.customers.models import Function
from duobiao.opportunities.models import Opportunity, ValueMessage
from duobiao.opportunities.queries.signal_facts import stage_at_work
from duobiao.opportunities.queries.threads import ALWAYS, ORDER
from duobiao.playbooks.queries import compiled_playbook, text_of


class Standing(StrEnum):
    """What a cell lacks."""

    READY = "READY"
    UNPROVED = "UNPROVED"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Cell:
    """What we say to one department in one stage."""

    function: str
    title: str
    message: str
    proof: str
    document_ref: str
    document_name: str
    standing: Standing
    version: int


@dataclass(frozen=True, slots=True)
class StageMessages:
    """The messages of one stage.

    Attributes:
        at_work: It is the stage we are in or come to next; what lacks here lacks now.
        gaps: Cells without a message or without what shows it.
    """

    number: int
    key: str
    title: str
    cells: Sequence[Cell]
    at_work: bool

    @property
    def gaps(self) -> int:
        """How many cells are not ready."""
        return sum(cell.standing is not Standing.READY for cell in self.cells)


def messages_of(deal: Opportunity) -> list[StageMessages]:
    """Return the messages of every stage of the deal's playbook; one query."""
    held: dict[tuple[str, str], ValueMessage] = {
        (row.stage, row.function): row for row in deal.value_messages.select_related("document")
    }
    extra = {function for _stage, function in held}
    shown = [name for name in ORDER if name in ALWAYS or name in extra]
    work, language = stage_at_work(deal), get_language()
    return [
        StageMessages(
            stage.number,
            stage.key,
            text_of(stage.title, language),
            [_cell(name, held, stage.key) for name in shown],
            stage.number == work,
        )
        for stage in compiled_playbook(deal.playbook_id).playbook.stages
    ]


def _cell(name: Function, held: Mapping[tuple[str, str], ValueMessage], stage: str) -> Cell:
    row = held.get((stage, str(name)))
    message, proof = (row.message, row.proof) if row else ("", "")
    document = row.document if row else None
    standing = (Standing.READY if proof or document else Standing.UNPROVED) if message else Standing.MISSING
    return Cell(
        function=str(name),
        title=str(name.label),
        message=message,
        proof=proof,
        document_ref=document.ref if document else "",
        document_name=document.name if document else "",
        standing=standing,
        version=row.version if row else 0,
    )
