"""Uploads: stop reading a file that is larger than we keep, before it fills memory or disk."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _

from duobiao.kernel.refusals import Refusal
from duobiao.web.formats import filesize


class TooLarge(Refusal):
    """The file is larger than the company keeps (413)."""

    code: ClassVar[str] = "too_large"
    status: ClassVar[int] = 413


class SizeGuard(FileUploadHandler):
    """First of the upload handlers: counts what arrives and stops the reading at ``UPLOAD_MAX_BYTES`` a file."""

    read = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin counting."""
        super().new_file(*args, **kwargs)
        self.read = 0

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        """Pass the chunk on, or stop."""
        self.read += len(raw_data)
        if self.read > settings.UPLOAD_MAX_BYTES:
            if self.request is not None:
                self.request.__dict__["_upload_too_large"] = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""


def refuse_too_large(request: HttpRequest) -> None:
    """Refuse if the reading of this request's files was stopped.

    Raises:
        TooLarge: it was.
    """
    if request.POST is not None and request.__dict__.get("_upload_too_large"):
        raise too_large()


def too_large() -> TooLarge:
    """Build the refusal of a file that is too large."""
    largest = filesize(settings.UPLOAD_MAX_BYTES)
    message = _("The file is larger than %(largest)s. Make it smaller or split it.") % {"largest": largest}
    return TooLarge(message, fields={"file": message})
