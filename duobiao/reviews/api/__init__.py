"""The API of gate reviews: the same actions as the pages."""

from duobiao.reviews.api.reviews import router

__all__ = ["router"]
