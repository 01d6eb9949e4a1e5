"""The API of templates."""

from datetime import datetime

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile

from duobiao.identity import policy
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid
from duobiao.papers.actions.check_template import check_template
from duobiao.papers.actions.replace_template import VERB, replace_template, restore_template
from duobiao.papers.domain.packages import MAX_BYTES
from duobiao.papers.queries.templates import Standing, sample_of, standing_of, standings, template_file
from duobiao.web.papers import draw, paper_response
from duobiao.web.uploads import refuse_too_large

router = Router(tags=["papers"])


class PlaceholderOut(Schema):
    """A name that a template writes in double braces."""

    name: str
    meaning: str


class PaperTemplateOut(Schema):
    """A kind of paper and what it is laid out by."""

    paper: str
    title: str
    held_by: str = Field(description="OWN, COMMON (the template of all papers) or SHIPPED")
    file: str | None
    size: int | None
    placed_by: str | None
    placed_at: datetime | None
    version: int = Field(description="What a change names; 0 while it has no template of its own.")
    words: list[PlaceholderOut]
    parts: list[PlaceholderOut]

    @classmethod
    def of(cls, standing: Standing) -> "PaperTemplateOut":
        """Build from what holds."""
        own, kind = standing.own, standing.kind
        return cls(
            paper=kind.key,
            title=str(kind.title),
            held_by="OWN" if own else "COMMON" if standing.common else "SHIPPED",
            file=own.document.name if own else None,
            size=own.document.size if own else None,
            placed_by=own.placed_by.ref if own else None,
            placed_at=own.placed_at if own else None,
            version=standing.version,
            words=[PlaceholderOut(name=name, meaning=str(title)) for name, title in kind.words.items()],
            parts=[PlaceholderOut(name=name, meaning=str(title)) for name, title in kind.blocks.items()],
        )


class ShippedTemplateIn(StrictSchema):
    """Which template goes."""

    version: int = Field(ge=0, le=2**31 - 1)


@router.get(
    "/paper-templates",
    response=list[PaperTemplateOut],
    operation_id="list_paper_templates",
    summary="List the kinds of Word papers and their templates",
)
def get_templates(request: HttpRequest) -> list[PaperTemplateOut]:
    """Each with the placeholders that its template may hold."""
    _administrator(request)
    return [PaperTemplateOut.of(one) for one in standings()]


@router.get(
    "/paper-templates/{paper}/file", operation_id="download_paper_template", summary="Download the template that holds"
)
def get_file(request: HttpRequest, paper: str) -> FileResponse:
    """The own one, the common one, or the shipped one as a beginning."""
    _administrator(request)
    return paper_response(*template_file(standing_of(paper)))


@router.get(
    "/paper-templates/{paper}/sample", operation_id="download_sample_paper", summary="Draw a paper by what holds"
)
def get_sample(request: HttpRequest, paper: str) -> FileResponse:
    """The latest paper of the kind that you may see, else an example."""
    return _drawn(standing_of(paper), _administrator(request), None)


@router.post("/paper-templates/{paper}/try", operation_id="try_paper_template", summary="Draw a paper by a file")
def post_try(request: HttpRequest, paper: str, file: File[UploadedFile | None] = None) -> FileResponse:
    """The file, sent as ``multipart/form-data``, is checked as for replacing; nothing is kept."""
    actor = _administrator(request)
    standing, content = standing_of(paper), _content(request, file)
    check_template(content, standing.kind)
    return _drawn(standing, actor, content)


@router.post(
    "/paper-templates/{paper}",
    response=PaperTemplateOut,
    operation_id="replace_paper_template",
    summary="Replace the template of a kind of paper",
)
def post_template(
    request: HttpRequest,
    paper: str,
    version: Form[int] = 0,
    file: File[UploadedFile | None] = None,
) -> PaperTemplateOut:
    """Send a .docx as ``multipart/form-data`` with the version you saw; ``common`` is the template of all papers."""
    actor = _administrator(request)
    content = _content(request, file)
    name = (file.name if file else "") or ""
    replace_template(
        kind=standing_of(paper).kind, name=name, content=content, version=version, actor=actor, now=timezone.now()
    )
    return PaperTemplateOut.of(standing_of(paper))


@router.delete(
    "/paper-templates/{paper}",
    response=PaperTemplateOut,
    operation_id="restore_paper_template",
    summary="Go back to the shipped template",
)
def delete_template(request: HttpRequest, paper: str, payload: ShippedTemplateIn) -> PaperTemplateOut:
    """Name the version you saw."""
    kind = standing_of(paper).kind
    restore_template(kind=kind, version=payload.version, actor=actor_of(request), now=timezone.now())
    return PaperTemplateOut.of(standing_of(paper))


def _administrator(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, VERB)
    return actor


def _content(request: HttpRequest, file: UploadedFile | None) -> bytes:
    refuse_too_large(request)
    if file is None:
        raise Invalid(_("Choose a file first."), fields={"file": _("Choose a file first.")})
    return bytes(file.read(MAX_BYTES + 1))


def _drawn(standing: Standing, actor: User, template: bytes | None) -> FileResponse:
    draft = sample_of(standing.kind, actor)
    return paper_response(
        draw(draft, now=timezone.now(), template=template), _("Trial %(name)s") % {"name": draft.title}
    )
