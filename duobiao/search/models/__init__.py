"""Tables of search: findable records, who else finds them, and the words they are found by."""

from duobiao.search.models.document import SearchAccess, SearchDocument

__all__ = ["SearchAccess", "SearchDocument"]
