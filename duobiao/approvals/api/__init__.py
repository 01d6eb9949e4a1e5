"""The API of approvals."""

from ninja import Router

from duobiao.approvals.api import absences, chains, requests

router = Router(tags=["approvals"])
router.add_router("", requests.router)
router.add_router("", chains.router)
router.add_router("", absences.router)

__all__ = ["router"]
