"""The API of needs and objections: the same actions as the pages."""

from ninja import Router

from duobiao.needs.api import library, needs, objections, requirements

router = Router()
router.add_router("", needs.router, tags=["needs"])
router.add_router("", requirements.router, tags=["needs"])
router.add_router("", objections.router, tags=["objections and questions"])
router.add_router("", library.router, tags=["objections and questions"])

__all__ = ["router"]
