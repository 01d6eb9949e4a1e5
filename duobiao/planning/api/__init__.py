"""The API of analyses and account plans: the same actions as the pages."""

from ninja import Router

from duobiao.planning.api import plan_parts, plans, sheets

router = Router()
router.add_router("", sheets.router, tags=["analyses"])
router.add_router("", plans.router, tags=["account plans"])
router.add_router("", plan_parts.router, tags=["account plans"])

__all__ = ["router"]
