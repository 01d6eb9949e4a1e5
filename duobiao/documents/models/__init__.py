"""Documents: the rows, and the files they name."""

from duobiao.documents.models.document import Attachment, Document

__all__ = ["Attachment", "Document"]
