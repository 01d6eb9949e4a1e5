"""The content of a document."""

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from duobiao.documents.domain.media_types import INLINE_TYPES
from duobiao.documents.models.files import file_path
from duobiao.documents.queries import get_document
from duobiao.identity.http import actor_of
from duobiao.web.downloads import file_response


@require_safe
def content(request: HttpRequest, ref: str) -> FileResponse:
    """Hand out a document to a person who may see it; with ``?inline=1`` pictures and PDF are shown."""
    document = get_document(ref=ref, user=actor_of(request))
    shown = request.GET.get("inline") == "1" and document.media_type in INLINE_TYPES
    return file_response(file_path(document.sha256), name=document.name, media_type=document.media_type, shown=shown)
