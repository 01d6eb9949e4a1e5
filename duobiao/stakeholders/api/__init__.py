"""The API of decision chains: the same actions as the pages."""

from ninja import Router

from duobiao.stakeholders.api import influence, links, observations, people, plans, readouts, relations

router = Router()
for part in (people, links, observations, relations, influence, readouts, plans):
    router.add_router("", part.router, tags=["decision chain"])

__all__ = ["router"]
