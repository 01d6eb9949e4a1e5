"""The API of rivals and of the investment matrix: the same actions as the pages."""

from ninja import Router

from duobiao.competition.api import landscape, matrix, parts, rivals

router = Router(tags=["competition"])
router.add_router("", rivals.router)
router.add_router("", landscape.router)
router.add_router("", parts.router)
router.add_router("", matrix.router)

__all__ = ["router"]
