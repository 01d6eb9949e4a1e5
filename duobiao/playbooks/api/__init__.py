"""The API of playbooks: what a version asks for, stage by stage, and what people would improve."""

from ninja import Router

from duobiao.playbooks.api import drafts, improvements, studio, versions

router = Router(tags=["playbooks"])
router.add_router("", drafts.router)
router.add_router("", studio.router)
router.add_router("", versions.router)
router.add_router("", improvements.router)
