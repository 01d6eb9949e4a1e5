"""Contacts over the API; the same actions as the pages."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.actions.merge_contacts import merge_contacts
from duobiao.customers.actions.trash_contact import restore_contact, trash_contact
from duobiao.customers.api.schemas import ContactOut, ContactPatch, ContactsQuery, MergeIn, NewContact
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.contacts import contact_keeper_of, get_contact
from duobiao.customers.queries.lists import contacts_matching, trashed_contacts
from duobiao.identity.api_support import Page, PageOut, found_or_404, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid

router = Router()


@router.post("/contacts", response={201: ContactOut}, operation_id="create_contact", summary="Enter a contact")
def post_contact(request: HttpRequest, payload: NewContact) -> Status[Contact]:
    """Enter a person at a customer."""
    actor = actor_of(request)
    require(actor, "customers.edit")
    customer = Customer.objects.visible_to(actor).filter(ref=payload.customer).first()
    if customer is None:
        raise Invalid(_("There is no such customer."), fields={"customer": _("not found")})
    values = payload.model_dump(exclude_unset=True, exclude={"customer", "name"})
    made = create_contact(customer=customer, name=payload.name, actor=actor, now=timezone.now(), values=values)
    return Status(201, made)


@router.get("/contacts", response=PageOut[ContactOut], operation_id="list_contacts", summary="List contacts")
def list_contacts(request: HttpRequest, query: Query[ContactsQuery]) -> Page[Contact]:
    """List the contacts of the customers you may see."""
    rows = contacts_matching(
        user=actor_of(request), text=query.q, customer_ref=query.customer, is_handler=query.is_handler
    )
    return page_of(rows, page=query, sort=query.sort)


@router.get("/contacts/{ref}", response=ContactOut, operation_id="get_contact", summary="Read a contact")
def read_contact(request: HttpRequest, ref: str) -> Contact:
    """Read a contact; of a merged one, the contact that was kept."""
    return contact_for(request, ref)


@router.patch("/contacts/{ref}", response=ContactOut, operation_id="edit_contact", summary="Change facts of a contact")
def patch_contact(request: HttpRequest, ref: str, payload: ContactPatch) -> Contact:
    """Change the facts that the body names."""
    return edit_contact(
        contact=contact_for(request, ref),
        version=payload.version,
        values=payload.model_dump(exclude_unset=True, exclude={"version"}),
        actor=actor_of(request),
        now=timezone.now(),
    )


@router.delete(
    "/contacts/{ref}", response={204: None}, operation_id="trash_contact", summary="Put a contact into the trash"
)
def delete_contact(request: HttpRequest, ref: str) -> Status[None]:
    """Put a contact into the trash; 409 ``held`` while something needs it."""
    trash_contact(contact=contact_for(request, ref), actor=actor_of(request), now=timezone.now())
    return Status(204, None)


@router.post(
    "/contacts/{ref}/restore", response=ContactOut, operation_id="restore_contact", summary="Restore a contact"
)
def post_contact_restore(request: HttpRequest, ref: str) -> Contact:
    """Take a contact out of the trash."""
    actor = actor_of(request)
    trashed = found_or_404(trashed_contacts(actor).filter(ref=ref).first())
    return restore_contact(contact=trashed, actor=actor, now=timezone.now())


@router.post(
    "/contacts/{ref}/merge",
    response=ContactOut,
    operation_id="merge_contacts",
    summary="Merge another contact into this one",
)
def post_contact_merge(request: HttpRequest, ref: str, payload: MergeIn) -> Contact:
    """Keep the addressed contact and move everything of the other one to it."""
    actor = actor_of(request)
    return merge_contacts(
        keeper=get_contact(ref=ref, user=actor),
        other=get_contact(ref=payload.other, user=actor),
        actor=actor,
        now=timezone.now(),
    )


def contact_for(request: HttpRequest, ref: str) -> Contact:
    """Return the addressed contact, or the one it was merged into.

    Raises:
        NotFound: there is none the actor may see.
    """
    actor = actor_of(request)
    return contact_keeper_of(ref=ref, user=actor) or get_contact(ref=ref, user=actor)
