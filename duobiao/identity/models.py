"""Tables of identity: units, users, grants that differ from the shipped roles, tokens, company settings."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from duobiao.identity.choices import MailSecurity, Role, ScopeName
from duobiao.kernel.refs import new_ref

__all__ = [
    "ApiToken",
    "CompanySettings",
    "Counter",
    "IdempotencyKey",
    "MailSecurity",
    "Role",
    "RoleGrant",
    "ScopeName",
    "Unit",
    "User",
    "UserQuerySet",
]


def unit_ref() -> str:
    """Make the reference of a unit."""
    return new_ref("U")


def user_ref() -> str:
    """Make the reference of a user."""
    return new_ref("E")


def token_ref() -> str:
    """Make the reference of a token."""
    return new_ref("T")


class Unit(models.Model):
    """An organisation unit; units form one tree."""

    kind = "unit"

    ref = models.CharField(max_length=16, unique=True, default=unit_ref)
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=models.Q(parent__isnull=False),
                name="identity_unit_name_in_parent",
            ),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(parent__isnull=True), name="identity_unit_name_at_top"
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="identity_unit_not_its_own_parent",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="identity_unit_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    """Reads of people."""

    def active(self) -> "UserQuerySet":
        """People who can work."""
        return self.filter(is_active=True)

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Colleagues know each other: everybody who can work sees all people, nobody else sees any."""
        return self.all() if user.is_authenticated and user.is_active else self.none()


class UserManager(BaseUserManager["User"]):
    """Creates users; sign-in names are compared without regard to case."""

    def get_queryset(self) -> UserQuerySet:
        """Start every read."""
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password nobody can sign in as them.

        Actions check who may do this; imports and set-up call it directly.
        """
        user = self.model(username=username, **{"name": username, **fields})
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by sign-in name, ignoring case."""
        return self.get(username__iexact=username)

    def active(self) -> UserQuerySet:
        """People who can work."""
        return self.get_queryset().active()

    def visible_to(self, user: "User") -> UserQuerySet:
        """People whom ``user`` may know of."""
        return self.get_queryset().visible_to(user)


class User(AbstractBaseUser):
    """A person who uses Duobiao, or one who left or was imported and is kept as author (inactive)."""

    kind = "user"

    ref = models.CharField(max_length=16, unique=True, default=user_ref)
    username = models.CharField(_("sign-in name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.SELLER)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    coach = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="learners")
    is_active = models.BooleanField(_("active"), default=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    held_grants: dict[str, str] | None = None
    """Scopes by verb, read once per request by ``policy``; not stored."""
    held_subtree: list[int] | None = None
    """Ids of the person's unit and those below it, read once per request by ``policy``; not stored."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="identity_user_username_any_case"),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="identity_user_email_any_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="identity_user_role_known"),
            models.CheckConstraint(
                condition=models.Q(coach__isnull=True) | ~models.Q(coach=models.F("id")),
                name="identity_user_not_own_coach",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="identity_user_name")]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the name people know this person by."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the same name; Chinese names are not shortened."""
        return str(self)


class RoleGrant(models.Model):
    """A company's own scope for one role and verb, in place of the shipped one."""

    role = models.CharField(max_length=20, choices=Role.choices)
    verb = models.CharField(max_length=60)
    scope = models.CharField(max_length=10, choices=ScopeName.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "verb"], name="identity_rolegrant_role_verb"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="identity_rolegrant_role_known"),
            models.CheckConstraint(
                condition=models.Q(scope__in=ScopeName.values), name="identity_rolegrant_scope_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.verb} {self.scope}"


class ApiToken(models.Model):
    """A bearer token of the API; only its hash is kept."""

    kind = "token"

    ref = models.CharField(max_length=16, unique=True, default=token_ref)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    read_only = models.BooleanField(_("read only"), default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"


class IdempotencyKey(models.Model):
    """A create of the API that was asked for under a key of the caller's choice, and what it answered.

    While the create runs, ``status`` is 0 and ``claimed_at`` says since when; the answer is written in the
    transaction of the effect, so that both exist or neither.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    claimed_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="identity_idempotencykey_once")]
        indexes: ClassVar = [models.Index(fields=["claimed_at"], name="identity_idempotency_age")]

    def __str__(self) -> str:
        return self.key


class CompanySettings(models.Model):
    """What holds for the whole company; exactly one row."""

    kind = "company"

    name = models.CharField(_("company name"), max_length=120, blank=True)
    logo = models.FileField(_("logo"), upload_to="company/", blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    fiscal_year_start_month = models.PositiveSmallIntegerField(_("first month of the fiscal year"), default=1)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    second_person_verifies = models.BooleanField(_("a second person verifies buyer confirmations"), default=False)
    shows_meddpicc = models.BooleanField(_("MEDDPICC is shown on projects"), default=False)
    shows_blue_sheet = models.BooleanField(_("the Blue Sheet is shown on projects"), default=False)
    mail_host = models.CharField(_("mail server"), max_length=120, blank=True)
    mail_port = models.PositiveIntegerField(_("port"), default=465)
    mail_security = models.CharField(
        _("encryption"), max_length=8, default=MailSecurity.SSL, choices=MailSecurity.choices
    )
    mail_username = models.CharField(_("mail user"), max_length=120, blank=True)
    mail_password = models.CharField(max_length=400, blank=True)  # sealed, see identity/sealing.py
    mail_from = models.EmailField(_("sender address"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="identity_company_single_row"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start_month__range=(1, 12)), name="identity_company_fiscal_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Duobiao"

    @classmethod
    def load(cls) -> "CompanySettings":
        """Return the settings; before anybody saved them, the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Counter(models.Model):
    """The last number given out for one kind and year; people speak these numbers."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}={self.last}"
