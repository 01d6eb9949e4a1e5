"""API of customers and contacts."""

from ninja import Router

from duobiao.customers.api import contacts, customers, look_up

router = Router()
router.add_router("", look_up.router, tags=["customers"])
router.add_router("", customers.router, tags=["customers"])
router.add_router("", contacts.router, tags=["contacts"])
"""Mounted at ``/api/v1``."""
