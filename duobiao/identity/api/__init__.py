"""The API of identity: the caller, people, units, roles, company settings, tokens, audit."""

from ninja import Router

from duobiao.identity.api import audit, company, me, people, roles, sessions, tokens, units

router = Router(tags=["identity"])
for part in (me, sessions, people, units, roles, company, tokens, audit):
    router.add_router("", part.router)
