"""The API of imports and of the calendar."""

from ninja import Router

from duobiao.integrations.api import calendar, imports

router = Router()
router.add_router("", imports.router)
router.add_router("", calendar.router)

__all__ = ["router"]
