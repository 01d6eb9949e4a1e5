"""Value messages of a deal by stage and department."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from duobiao.documents.queries import get_document
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.write_message import LONGEST_MESSAGE, LONGEST_PROOF, write_message
from duobiao.opportunities.api.common import deal_of
from duobiao.opportunities.queries.messages import Cell, StageMessages, messages_of

router = Router()


class MessageOut(Schema):
    """What we say to one department in one stage."""

    stage: str
    number: int
    at_work: bool = Field(description="The stage we are in or come to next.")
    function: str
    message: str
    proof: str
    document: str | None
    standing: str = Field(description="READY, UNPROVED (nothing shows it), MISSING.")
    version: int

    @classmethod
    def of(cls, stage: StageMessages, cell: Cell) -> "MessageOut":
        """Build from a cell of a stage."""
        return cls(
            stage=stage.key,
            number=stage.number,
            at_work=stage.at_work,
            function=cell.function,
            message=cell.message,
            proof=cell.proof,
            document=cell.document_ref or None,
            standing=str(cell.standing),
            version=cell.version,
        )


class MessageIn(StrictSchema):
    """A message as it is to be; an empty one is taken back."""

    message: str = Field("", max_length=LONGEST_MESSAGE)
    proof: str = Field("", max_length=LONGEST_PROOF)
    document: str | None = Field(None, max_length=40, description="A file that hangs on the deal.")
    version: int = Field(0, ge=0, le=2**31 - 1, description="0 where nothing was written.")


@router.get(
    "/opportunities/{ref}/messages", response=list[MessageOut], operation_id="list_messages", summary="List messages"
)
def get_messages(request: HttpRequest, ref: str) -> list[MessageOut]:
    """Every stage and department, with what lacks."""
    return [MessageOut.of(stage, cell) for stage in messages_of(deal_of(request, ref)) for cell in stage.cells]


@router.put(
    "/opportunities/{ref}/messages/{stage}/{function}",
    response=MessageOut,
    operation_id="write_message",
    summary="Write a value message",
)
def put_message(request: HttpRequest, ref: str, stage: str, function: str, payload: MessageIn) -> MessageOut:
    """Write what we say to a department in a stage, and what shows it."""
    deal, actor = deal_of(request, ref), actor_of(request)
    write_message(
        opportunity=deal,
        stage=stage,
        function=function.upper(),
        message=payload.message,
        proof=payload.proof,
        document=get_document(ref=payload.document, user=actor) if payload.document else None,
        version=payload.version,
        actor=actor,
        now=timezone.now(),
    )
    held = next(row for row in messages_of(deal) if row.key == stage)
    return MessageOut.of(held, next(cell for cell in held.cells if cell.function == function.upper()))
