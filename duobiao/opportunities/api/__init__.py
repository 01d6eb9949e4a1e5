"""The API of deals: the same actions as the pages."""

from ninja import Router

from duobiao.opportunities.api import (
    calibration,
    deals,
    give_up,
    groups,
    ledger,
    messages,
    migrations,
    people,
    pipeline,
    products,
    risks,
    suggestions,
    tasks,
    threads,
    tracks,
)

router = Router(tags=["opportunities"])
router.add_router("", deals.router)
router.add_router("", give_up.router)
router.add_router("", groups.router)
router.add_router("", ledger.router)
router.add_router("", messages.router)
router.add_router("", migrations.router)
router.add_router("", people.router)
router.add_router("", products.router)
router.add_router("", pipeline.router)
router.add_router("", calibration.router)
router.add_router("", risks.router)
router.add_router("", suggestions.router)
router.add_router("", tasks.router)
router.add_router("", threads.router)
router.add_router("", tracks.router)

__all__ = ["router"]
