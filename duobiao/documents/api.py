"""API of documents."""

from datetime import datetime

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile

from duobiao.documents.actions.attach_document import attach_document, detach_document
from duobiao.documents.actions.store_upload import store_upload
from duobiao.documents.models import Document
from duobiao.documents.models.files import file_path
from duobiao.documents.queries import FileRow, chain_of_visible, documents_of, get_document
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.web.downloads import file_response
from duobiao.web.uploads import refuse_too_large

router = Router(tags=["documents"])


class DocumentOut(Schema):
    """A document."""

    ref: str
    name: str
    size: int
    media_type: str
    sha256: str
    uploaded_by: str
    uploaded_at: datetime

    @staticmethod
    def resolve_uploaded_by(document: Document) -> str:
        """Give the reference of the person."""
        return document.uploaded_by.ref


class SubjectIn(StrictSchema):
    """A record: its kind (``customer``, ``contact``, ``opportunity`` …) and reference."""

    subject_kind: str = Field(max_length=40)
    subject_ref: str = Field(max_length=40)


class AttachedOut(Schema):
    """A document as it hangs on a record."""

    ref: str
    name: str
    size: int
    media_type: str
    added_by: str
    added_at: datetime


@router.post("/documents", response={201: DocumentOut}, operation_id="upload_document", summary="Upload a file")
def upload_document(request: HttpRequest, file: File[UploadedFile | None] = None) -> Status[Document]:
    """Upload a file as ``multipart/form-data``; name it afterwards in a proof, or attach it to a record."""
    refuse_too_large(request)
    if file is None:
        raise Invalid(_("Choose a file first."), fields={"file": _("Choose a file first.")})
    document = store_upload(name=file.name or "", chunks=file.chunks(), actor=actor_of(request), now=timezone.now())
    return Status(201, document)


@router.get(
    "/documents", response=list[AttachedOut], operation_id="list_documents", summary="List the files of a record"
)
def list_documents(request: HttpRequest, subject_kind: str, subject_ref: str) -> list[FileRow]:
    """List the files that hang on a record, newest first."""
    actor, subject = actor_of(request), Ref(subject_kind, subject_ref)
    chain_of_visible(subject=subject, user=actor)
    return documents_of(subject, user=actor)


@router.get("/documents/{ref}", response=DocumentOut, operation_id="get_document", summary="Read a document's facts")
def read_document(request: HttpRequest, ref: str) -> Document:
    """Read name, size, type and hash of a document."""
    return get_document(ref=ref, user=actor_of(request))


@router.get("/documents/{ref}/content", operation_id="download_document", summary="Download a document")
def download_document(request: HttpRequest, ref: str) -> FileResponse:
    """Download the content."""
    document = get_document(ref=ref, user=actor_of(request))
    return file_response(file_path(document.sha256), name=document.name)


@router.post(
    "/documents/{ref}/attachments",
    response={201: DocumentOut},
    operation_id="attach_document",
    summary="Attach a document to a record",
)
def attach(request: HttpRequest, ref: str, payload: SubjectIn) -> Status[Document]:
    """Hang a document on a record; again changes nothing."""
    actor = actor_of(request)
    document = get_document(ref=ref, user=actor)
    subject = Ref(payload.subject_kind, payload.subject_ref)
    attach_document(document=document, subject=subject, actor=actor, now=timezone.now())
    return Status(201, document)


@router.delete(
    "/documents/{ref}/attachments",
    response={204: None},
    operation_id="detach_document",
    summary="Take a document off a record",
)
def detach(request: HttpRequest, ref: str, payload: SubjectIn) -> Status[None]:
    """Take a document off a record; the file stays."""
    actor = actor_of(request)
    subject = Ref(payload.subject_kind, payload.subject_ref)
    detach_document(document=get_document(ref=ref, user=actor), subject=subject, actor=actor, now=timezone.now())
    return Status(204, None)
