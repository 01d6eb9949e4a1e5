"""API of customers and contacts."""

from ninja import Router

from duobiao.customers.api import (
    admissions,
    assessments,
    contacts,
    customers,
    facts,
    issues,
    look_up,
    network,
    privacy,
    resources,
    sites,
)

router = Router()
router.add_router("", look_up.router, tags=["customers"])
router.add_router("", customers.router, tags=["customers"])
router.add_router("", assessments.router, tags=["assessments"])
router.add_router("", facts.router, tags=["customers"])
router.add_router("", issues.router, tags=["customers"])
router.add_router("", admissions.router, tags=["customers"])
router.add_router("", resources.router, tags=["customers"])
router.add_router("", sites.router, tags=["customers"])
router.add_router("", privacy.router, tags=["contacts"])
router.add_router("", contacts.router, tags=["contacts"])
router.add_router("", network.router, tags=["network"])
"""Mounted at ``/api/v1``."""
