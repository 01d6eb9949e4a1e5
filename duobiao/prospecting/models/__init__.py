"""Tables of finding customers: leads, pools with who took what, campaigns, follow-ups, referral asks, web forms, registrations,
registrations with manufacturers."""

from duobiao.prospecting.models.campaign import AgendaItem, Campaign
from duobiao.prospecting.models.choices import OPEN_STATES, Answer, ClaimEnd, DiscardReason, LeadState, Source, Way
from duobiao.prospecting.models.follow_up import AskState, FollowUp, ReferralAsk
from duobiao.prospecting.models.lead import Claim, Lead, LeadQuerySet
from duobiao.prospecting.models.manufacturer import (
    Letter,
    LetterQuerySet,
    Manufacturer,
    Upstream,
    UpstreamMove,
    UpstreamQuerySet,
    UpstreamState,
)
from duobiao.prospecting.models.pool import Content, Pool, PoolMember, PoolQuerySet
from duobiao.prospecting.models.pooled import CustomerClaim, PooledCustomer, PooledCustomerQuerySet
from duobiao.prospecting.models.registration import Clash, Registration, RegistrationFigures, RegistrationState
from duobiao.prospecting.models.web_form import WebForm

__all__ = [
    "OPEN_STATES",
    "AgendaItem",
    "Answer",
    "AskState",
    "Campaign",
    "Claim",
    "ClaimEnd",
    "Clash",
    "Content",
    "CustomerClaim",
    "DiscardReason",
    "FollowUp",
    "Lead",
    "LeadQuerySet",
    "LeadState",
    "Letter",
    "LetterQuerySet",
    "Manufacturer",
    "Pool",
    "PoolMember",
    "PoolQuerySet",
    "PooledCustomer",
    "PooledCustomerQuerySet",
    "ReferralAsk",
    "Registration",
    "RegistrationFigures",
    "RegistrationState",
    "Source",
    "Upstream",
    "UpstreamMove",
    "UpstreamQuerySet",
    "UpstreamState",
    "Way",
    "WebForm",
]
