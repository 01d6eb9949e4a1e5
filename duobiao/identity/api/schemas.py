"""What the identity API answers."""

from datetime import date, datetime

from ninja import Field, Schema


class UnitName(Schema):
    """A unit by name."""

    ref: str
    name: str


class PersonName(Schema):
    """A person by name."""

    ref: str
    name: str


class MeOut(Schema):
    """The person behind the token."""

    ref: str
    username: str
    name: str
    email: str
    role: str
    unit: UnitName | None
    language: str = Field(description="Empty: as the browser asks.")
    time_zone: str
    version: int
    permissions: dict[str, str] = Field(description="Right → reach: none, own, learners, unit, subtree, all.")


class UserOut(Schema):
    """A colleague."""

    ref: str
    username: str
    name: str
    role: str
    unit: UnitName | None
    is_active: bool
    version: int


class UserDetailOut(UserOut):
    """A colleague, as administrators see them."""

    email: str
    coach: PersonName | None
    language: str
    time_zone: str
    version: int


class InvitationOut(Schema):
    """A new or reopened account with the link that sets its password."""

    user: UserDetailOut
    password_url: str
    mail_error: str = Field(description="Empty when the link was mailed, else why it was not.")


class UnitOut(Schema):
    """An organisation unit."""

    ref: str
    name: str
    parent: str | None = Field(description="Reference of the unit above.")
    people: int = Field(description="How many people who can work belong to it directly.")
    version: int


class GrantOut(Schema):
    """How far a right reaches for a role."""

    role: str
    verb: str
    scope: str
    shipped: str
    offered: list[str]


class CompanyOut(Schema):
    """Company settings; the mail password is never shown."""

    name: str
    currency: str
    fiscal_year_start_month: int
    time_zone: str
    second_person_verifies: bool
    shows_meddpicc: bool
    shows_blue_sheet: bool
    mail_host: str
    mail_port: int
    mail_security: str
    mail_username: str
    mail_from: str
    version: int


class TokenOut(Schema):
    """A token, without its text."""

    ref: str
    name: str
    read_only: bool
    created_at: datetime
    expires_at: datetime | None
    last_used_on: date | None
    revoked_at: datetime | None


class NewTokenOut(TokenOut):
    """A new token; the only answer that ever shows its text."""

    token: str


class SessionOut(Schema):
    """A browser that is signed in."""

    ref: str
    device: str = Field(description="Browser and system in words, in the language of the answer.")
    address: str = Field(description="Empty where the server was not told.")
    signed_in_at: datetime
    last_used_at: datetime = Field(description="First use on the last day of use.")


class EntryOut(Schema):
    """One audit entry."""

    chain: str
    sequence: int
    at: datetime
    event: str
    title: str
    detail: str
    actor: str
    actor_ref: str
    subject_kind: str
    subject_ref: str
    erased: bool


class EntriesOut(Schema):
    """A page of audit entries, newest first."""

    items: list[EntryOut]
    next: str | None = Field(description="Give it as `cursor` to get the following page; null at the end.")
