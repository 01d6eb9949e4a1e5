"""The people at a customer."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models.customer import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref


def contact_ref() -> str:
    """Make the reference of a contact."""
    return new_ref("K")


class BuyingRole(models.TextChoices):
    """The part a person plays in a purchase."""

    UNKNOWN = "UNKNOWN", _("not yet known")
    DECIDER = "DECIDER", _("final decider")
    INFLUENCER = "INFLUENCER", _("key influencer")
    GATEKEEPER = "GATEKEEPER", _("gatekeeper")
    USER = "USER", _("user and implementer")


class Function(models.TextChoices):
    """The function a person works in."""

    MANAGEMENT = "MANAGEMENT", _("management")
    USING = "USING", _("using department")
    TECHNICAL = "TECHNICAL", _("technical")
    PROCUREMENT = "PROCUREMENT", _("procurement")
    FINANCE = "FINANCE", _("finance")
    LEGAL = "LEGAL", _("legal")
    OTHER = "OTHER", _("other")


class Stance(models.IntegerChoices):
    """Where a person stands towards us, as far as we know today."""

    CHAMPIONS = 2, _("champions us")
    SUPPORTS = 1, _("supports us")
    NEUTRAL = 0, _("neutral")
    OPPOSES = -1, _("opposes us")
    FIGHTS = -2, _("strongly opposes us")


class RelationCell(models.TextChoices):
    """A cell of the relation matrix: level of the tie by what it rests on."""

    COMPANY_NEED_PRODUCT = "COMPANY_NEED_PRODUCT", _("company need · product")
    COMPANY_NEED_COMPANY = "COMPANY_NEED_COMPANY", _("company need · company")
    PERSONAL_NEED_PRODUCT = "PERSONAL_NEED_PRODUCT", _("personal need · product")
    PERSONAL_NEED_COMPANY = "PERSONAL_NEED_COMPANY", _("personal need · company")
    PERSONAL_TIE_PRODUCT = "PERSONAL_TIE_PRODUCT", _("personal tie · product")
    PERSONAL_TIE_COMPANY = "PERSONAL_TIE_COMPANY", _("personal tie · company")


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts; a person sees those of the customers they see."""

    def live(self) -> "ContactQuerySet":
        """Leave out what lies in the trash, went into another contact, or belongs to a customer that did."""
        return self.filter(
            trashed_at__isnull=True,
            merged_into__isnull=True,
            customer__trashed_at__isnull=True,
            customer__merged_into__isnull=True,
        )

    def within_reach(self, user: User) -> "ContactQuerySet":
        """Keep what the person may see, trashed and merged rows included."""
        return self.filter(customer__in=Customer.objects.within_reach(user).values("pk"))

    def visible_to(self, user: User) -> "ContactQuerySet":
        """Keep the live contacts the person may see."""
        return self.live().within_reach(user)


class Contact(models.Model):
    """A person at a customer.

    Attributes:
        is_handler: Whether this is the 经手人 or higher; None while unknown.
        relation_cells: Values of ``RelationCell`` that our tie to this person covers.
        profile_items: How many of the 4 contact information items are known.
    """

    kind = "contact"

    ref = models.CharField(max_length=16, unique=True, default=contact_ref)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("customer")
    )
    name = models.CharField(_("name of the person"), max_length=60)
    department = models.CharField(_("department"), max_length=60, blank=True)
    position = models.CharField(_("position"), max_length=60, blank=True)
    duties = models.TextField(_("duties"), max_length=1000, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    character = models.TextField(_("character"), max_length=1000, blank=True)
    interests = models.TextField(_("personal interests"), max_length=1000, blank=True)
    buying_role = models.CharField(
        _("role in the purchase"), max_length=12, choices=BuyingRole.choices, default=BuyingRole.UNKNOWN
    )
    function = models.CharField(_("function"), max_length=12, choices=Function.choices, blank=True)
    influence = models.PositiveSmallIntegerField(
        _("influence"), null=True, blank=True, choices=[(n, str(n)) for n in range(1, 6)]
    )
    stance = models.SmallIntegerField(_("stance"), null=True, blank=True, choices=Stance.choices)
    relation_cells = models.JSONField(_("relation"), default=list, blank=True)
    bridge = models.TextField(_("who leads us to this person"), max_length=1000, blank=True)
    is_handler = models.BooleanField(_("handler (经手人)"), null=True, blank=True)
    is_decision_maker = models.BooleanField(_("decision maker"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=4000, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    profile_items = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    touched_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True)
    trashed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")
    version = models.PositiveIntegerField(default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="customers_contact_has_name"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~models.Q(external_id=""),
                name="customers_contact_external_id",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="customers_contact_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(trashed_at__isnull=True, trashed_by__isnull=True)
                | models.Q(trashed_at__isnull=False, trashed_by__isnull=False),
                name="customers_contact_trashed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(profile_items__range=(0, 4)), name="customers_contact_items_counted"
            ),
            models.CheckConstraint(
                condition=models.Q(buying_role__in=BuyingRole.values), name="customers_contact_role_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "name", "id"], name="customers_contact_by_customer"),
            models.Index(fields=["mobile"], name="customers_contact_mobile"),
            models.Index(fields=["phone"], name="customers_contact_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it lies neither in the trash nor in another contact."""
        return self.trashed_at is None and self.merged_into_id is None

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the customer this person belongs to is within the scope."""
        return self.customer.in_scope(actor, scope)
