"""Tables of cases and overviews."""

from duobiao.knowledge.models.entries import ReferenceCase, TechnologyOverview

__all__ = ["ReferenceCase", "TechnologyOverview"]
