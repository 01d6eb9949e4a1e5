"""What the studio offers for versions: schema, export, comparison, retiring, tools in use."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from pydantic import StrictBool

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.actions.retire_version import offer_version, retire_version
from duobiao.playbooks.actions.tick_tool import tick_tool
from duobiao.playbooks.api.common import require_view, version_of, yaml_response
from duobiao.playbooks.api.versions import PlaybookLine, line_of, texts_of
from duobiao.playbooks.domain.schema import json_schema
from duobiao.playbooks.queries import catalogue, compiled_playbook, ticked_tools
from duobiao.playbooks.queries.comparison import Compared, compared
from duobiao.playbooks.queries.sides import side_of

router = Router()


class PlaybookDifferenceOut(Schema):
    """One difference, in words."""

    how: Literal["ADDED", "REMOVED", "CHANGED"]
    what: str
    stage: int
    key: str
    evidence: str
    field: str
    before: str
    after: str
    words: str


class PlaybookComparisonOut(Schema):
    """What differs between two versions."""

    before: str
    after: str
    added: int
    removed: int
    changed: int
    differences: list[PlaybookDifferenceOut]

    @classmethod
    def of(cls, before: str, after: str, found: Compared) -> "PlaybookComparisonOut":
        """Build from a comparison."""
        return cls(
            before=before,
            after=after,
            added=found.count("ADDED"),
            removed=found.count("REMOVED"),
            changed=found.count("CHANGED"),
            differences=[
                PlaybookDifferenceOut(
                    how=row.change.how.value,
                    what=row.change.what.value,
                    stage=row.change.stage,
                    key=row.change.key,
                    evidence=row.change.part,
                    field=row.change.field,
                    before=row.before,
                    after=row.after,
                    words=row.words,
                )
                for row in found.differences
            ],
        )


class PlaybookSides(Schema):
    """The two sides of a comparison."""

    before: str = Field(max_length=80, description="A version as key/number, or the reference of a draft.")
    after: str = Field(max_length=80, description="The same.")


class PlaybookToolOut(Schema):
    """A form or tool, and whether the company really uses it."""

    key: str
    stage: int
    titles: dict[str, str]
    used: bool


class ToolUseIn(StrictSchema):
    """Whether the company really uses a form."""

    used: StrictBool


@router.get("/playbooks/schema", operation_id="playbook_schema", summary="The JSON Schema of playbook documents")
def playbook_schema(request: HttpRequest) -> dict[str, Any]:
    """Read the JSON Schema that a playbook document follows."""
    require_view(request)
    return json_schema(catalogue())


@router.get(
    "/playbooks/compare", response=PlaybookComparisonOut, operation_id="compare_playbooks", summary="Compare versions"
)
def compare_playbooks(request: HttpRequest, sides: Query[PlaybookSides]) -> PlaybookComparisonOut:
    """Say what was added, removed and changed between two versions; either may be a draft."""
    actor = actor_of(request)
    require_view(request)
    one, other = side_of(sides.before, actor), side_of(sides.after, actor)
    if one is None or other is None:
        raise NotFound(_("There is no such record."))
    return PlaybookComparisonOut.of(one.ref, other.ref, compared(one.playbook, other.playbook))


@router.get("/playbooks/{key}/{version}/export", operation_id="export_playbook", summary="Export a version as YAML")
def export_playbook(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Read a version as YAML, as the shipped files are written."""
    require_view(request)
    found = version_of(key, version)
    return yaml_response(found.document, f"{found.key}.v{found.version}.yaml")


@router.post(
    "/playbooks/{key}/{version}/retire",
    response=PlaybookLine,
    operation_id="retire_playbook",
    summary="Retire a version",
)
def post_retire(request: HttpRequest, key: str, version: int) -> PlaybookLine:
    """Stop offering a version for new deals; those that run by it stay."""
    return line_of(retire_version(playbook=version_of(key, version), actor=actor_of(request), now=timezone.now()))


@router.post(
    "/playbooks/{key}/{version}/offer",
    response=PlaybookLine,
    operation_id="offer_playbook",
    summary="Offer a retired version again",
)
def post_offer(request: HttpRequest, key: str, version: int) -> PlaybookLine:
    """Offer a retired version for new deals again."""
    return line_of(offer_version(playbook=version_of(key, version), actor=actor_of(request), now=timezone.now()))


@router.get(
    "/playbooks/{key}/{version}/tools",
    response=list[PlaybookToolOut],
    operation_id="list_playbook_tools",
    summary="List the forms of a playbook",
)
def list_playbook_tools(request: HttpRequest, key: str, version: int) -> list[PlaybookToolOut]:
    """List the forms and tools of all stages, and which of them the company really uses."""
    require_view(request)
    found = version_of(key, version)
    used = ticked_tools(found.key)
    return [
        PlaybookToolOut(key=tool.key, stage=stage.number, titles=texts_of(tool.title), used=tool.key in used)
        for stage in compiled_playbook(found.pk).playbook.stages
        for tool in stage.tools
    ]


@router.put(
    "/playbooks/{key}/{version}/tools/{tool}",
    response=list[PlaybookToolOut],
    operation_id="tick_tool",
    summary="Say whether a form is used",
)
def put_tool(request: HttpRequest, key: str, version: int, tool: str, payload: ToolUseIn) -> list[PlaybookToolOut]:
    """Note whether the company really uses a form; it holds for all versions of the playbook."""
    tick_tool(
        playbook=version_of(key, version), tool=tool, used=payload.used, actor=actor_of(request), now=timezone.now()
    )
    return list_playbook_tools(request, key, version)
