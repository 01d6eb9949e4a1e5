"""Let go of documents that nothing needs any more."""

from collections.abc import Iterable

from duobiao.documents.models import Document


def drop_unused(documents: Iterable[Document]) -> None:
    """Delete those that hang nowhere and that no record names; their content goes with the daily sweep."""
    for document in documents:
        if not _is_used(document):
            document.delete()


def _is_used(document: Document) -> bool:
    for relation in document._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: document})
        if rows.exists():
            return True
    return False
