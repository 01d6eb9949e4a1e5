"""The API of finding customers: the same actions as the pages."""

from ninja import Router

from duobiao.prospecting.api import campaigns, follow_ups, leads, manufacturers, pooled, pools, registrations, web_forms

router = Router(tags=["prospecting"])
router.add_router("", leads.router)
router.add_router("", pools.router)
router.add_router("", pooled.router)
router.add_router("", campaigns.router)
router.add_router("", follow_ups.router)
router.add_router("", registrations.router)
router.add_router("", manufacturers.router)
router.add_router("", web_forms.router)

__all__ = ["router"]
