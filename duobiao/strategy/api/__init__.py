"""The API of strategies, contingency plans and review meetings: the same actions as the pages."""

from ninja import Router

from duobiao.strategy.api import meetings, plans, strategy

router = Router(tags=["strategy"])
router.add_router("", strategy.router)
router.add_router("", plans.router)
router.add_router("", meetings.router)

__all__ = ["router"]
