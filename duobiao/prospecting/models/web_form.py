"""Forms on web sites: a page of ours that others may show in theirs, and whose answers become leads."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.prospecting.domain.sites import is_site
from duobiao.prospecting.models.campaign import Campaign
from duobiao.prospecting.models.pool import Pool

TOKEN_BYTES = 16


def web_form_ref() -> str:
    """Make the reference of a web form."""
    return new_ref("W")


def web_form_token() -> str:
    """Make the part of the address by which a form is reached."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class WebForm(models.Model):
    """One form; off until an administrator switches it on.

    Attributes:
        hosts: Web sites that may show it in a frame, one https address a line; "" for none.
    """

    kind = "web_form"

    ref = models.CharField(max_length=16, unique=True, default=web_form_ref)
    token = models.CharField(max_length=40, unique=True, default=web_form_token)
    title = models.CharField(_("title"), max_length=120)
    intro = models.CharField(_("what stands above the form"), max_length=500, blank=True)
    thanks = models.CharField(_("what is said afterwards"), max_length=500, blank=True)
    hosts = models.TextField(_("web sites that may show it"), max_length=1000, blank=True)
    pool = models.ForeignKey(
        Pool, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("pool")
    )
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("campaign")
    )
    is_on = models.BooleanField(_("switched on"), default=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="prospecting_webform_has_title"),
            models.CheckConstraint(
                condition=Q(pool__isnull=False, owner__isnull=True) | Q(pool__isnull=True, owner__isnull=False),
                name="prospecting_webform_leads_go_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def host_list(self) -> list[str]:
        """The web sites that may show it; whatever else stands in the column never reaches a header."""
        return [host for host in self.hosts.split() if is_site(host)]
