"""The API of strategies and contingency plans: the same actions as the pages."""

from ninja import Router

from duobiao.strategy.api import plans, strategy

router = Router(tags=["strategy"])
router.add_router("", strategy.router)
router.add_router("", plans.router)

__all__ = ["router"]
