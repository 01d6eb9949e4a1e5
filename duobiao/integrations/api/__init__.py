"""The API of imports, exports and the calendar."""

from ninja import Router

from duobiao.integrations.api import calendar, exports, imports

router = Router()
router.add_router("", imports.router)
router.add_router("", exports.router)
router.add_router("", calendar.router)

__all__ = ["router"]
