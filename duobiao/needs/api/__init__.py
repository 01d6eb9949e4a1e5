"""The API of needs and objections: the same actions as the pages."""

from ninja import Router

from duobiao.needs.api import needs, objections, requirements

router = Router()
router.add_router("", needs.router, tags=["needs"])
router.add_router("", requirements.router, tags=["needs"])
router.add_router("", objections.router, tags=["objections and questions"])

__all__ = ["router"]
