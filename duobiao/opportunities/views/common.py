"""What the forms of a deal share: the deal as its reader may see it, and the days they count by."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.documents.actions.attach_document import attach_document
from duobiao.documents.actions.store_upload import store_upload
from duobiao.documents.models import Document
from duobiao.documents.queries import documents_of, get_document
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.opportunities.models import Opportunity
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment
from duobiao.web.uploads import refuse_too_large

EVIDENCE_CHANGED = "evidence-confirmed"
"""Fired when the ledger of a deal changed."""
DEAL_CHANGED = "deal-changed"
"""Fired when anything else on a deal changed."""


def visible_deal(request: HttpRequest, ref: str) -> Opportunity:
    """Return a deal the reader may see.

    Raises:
        NotFound: there is none, or the reader may not see it.
    """
    rows = Opportunity.objects.visible_to(actor_of(request)).select_related("owner", "customer")
    if (deal := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such deal, or you may not see it."))
    return deal


def company_today(request: HttpRequest) -> date:
    """Return today where the company sits; deals are judged on this day."""
    return local_day(timezone.now(), company_of(request).time_zone)


def own_today(request: HttpRequest) -> date:
    """Return today where the reader sits; nothing may be dated after it."""
    return local_day(timezone.now(), actor_of(request).time_zone or company_of(request).time_zone)


def offered_documents(request: HttpRequest, deal: Opportunity, given: QueryDict | None) -> list[tuple[str, str]]:
    """Return the files that may be cited: those on the deal, and those the reader has just sent with the form."""
    offered = {row.ref: row.name for row in documents_of(Ref.of(deal))}
    refs = [ref for ref in given.getlist("documents") if ref not in offered] if given is not None else []
    if refs:
        sent = Document.objects.filter(ref__in=refs, uploaded_by=actor_of(request))
        offered |= dict(sent.values_list("ref", "name"))
    return list(offered.items())


def keep_uploads(request: HttpRequest) -> list[Document]:
    """Store the files of a form at once, so that a refusal does not lose them."""
    refuse_too_large(request)
    actor, now = actor_of(request), timezone.now()
    return [
        store_upload(name=upload.name or "", chunks=upload.chunks(), actor=actor, now=now)
        for upload in request.FILES.getlist("uploads")
        if upload.size
    ]


def attach_all(request: HttpRequest, deal: Opportunity, refs: Sequence[str]) -> list[Document]:
    """Return cited files, hung on the deal so that everybody on it can open them."""
    actor, now = actor_of(request), timezone.now()
    documents = [get_document(ref=ref, user=actor) for ref in refs]
    for document in documents:
        attach_document(document=document, subject=Ref.of(deal), actor=actor, now=now)
    return documents


def answer_form(
    request: HttpRequest,
    form: Form,
    act: Callable[[], object],
    *,
    to: str,
    fragment: str,
    context: Mapping[str, Any],
    fires: str = DEAL_CHANGED,
    toast: object = "",
) -> HttpResponse:
    """Show a form; when it is sent, act once and go on to ``to``, or show it again with the reasons.

    Args:
        act: Calls the action with what the form holds; an address it returns comes instead of ``to``.
        fragment: Name of its fragment, without folder and ending.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        other = act()
                        submission.result = other if isinstance(other, str) else to
                return done(request, to=submission.result or to, fires=fires, toast=toast)
            except Refusal as refusal:
                status = refused(form, refusal)
    return show_form(request, fragment, {"form": form, **context}, status=status)


def show_form(request: HttpRequest, fragment: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a form as a page, or as the fragment of a dialog."""
    path = f"opportunities/_{fragment}.html"
    held = {"here": request.get_full_path(), **context, "fragment": path}
    return page_or_fragment(request, page="opportunities/form.html", fragment=path, context=held, status=status)


def needs(request: HttpRequest, verb: str, deal: Opportunity) -> User:
    """Return the reader, who must be allowed to do ``verb`` on a deal.

    Raises:
        NotAllowed: they are not.
    """
    actor = actor_of(request)
    policy.require(actor, verb, deal)
    return actor
