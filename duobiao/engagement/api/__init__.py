"""The API of calls and visits: the same actions as the pages."""

from ninja import Router

from duobiao.engagement.api import appraisal, briefs, call_lists, calls_and_visits, minutes, preparing, reports

router = Router()
router.add_router("", calls_and_visits.router)
router.add_router("", minutes.router)
router.add_router("", call_lists.router)
router.add_router("", briefs.router)
router.add_router("", appraisal.router)
router.add_router("", preparing.router)
router.add_router("", reports.router)

__all__ = ["router"]
