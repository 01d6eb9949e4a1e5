"""The API of identity: the caller, people, units, roles, company settings, tokens, audit."""

from ninja import Router

from duobiao.identity.api import audit, company, me, people, roles, tokens, units

router = Router(tags=["identity"])
for part in (me, people, units, roles, company, tokens, audit):
    router.add_router("", part.router)
