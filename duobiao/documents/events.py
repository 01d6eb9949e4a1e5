"""What happens to documents; events belong to the chain of the record a document hangs on."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DocumentUploaded(Event):
    """A file was uploaded."""

    name: ClassVar[str] = "documents.document_uploaded"
    title: ClassVar[object] = gettext_lazy("File uploaded")
    icon: ClassVar[str] = "upload"


@dataclass(frozen=True, kw_only=True)
class DocumentAttached(Event):
    """A file was hung on a record (the subject)."""

    name: ClassVar[str] = "documents.document_attached"
    title: ClassVar[object] = gettext_lazy("File added")
    icon: ClassVar[str] = "paperclip"


@dataclass(frozen=True, kw_only=True)
class DocumentDetached(Event):
    """A file was taken off a record (the subject); the file itself stays."""

    name: ClassVar[str] = "documents.document_detached"
    title: ClassVar[object] = gettext_lazy("File removed")
    icon: ClassVar[str] = "file-x"
    tone: ClassVar[str] = "warn"
