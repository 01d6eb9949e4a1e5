"""The value message to one department in one stage of a deal."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.models import Function
from duobiao.documents.queries import documents_of, get_document
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.actions.write_message import write_message
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.messages import MessageForm
from duobiao.opportunities.models import ValueMessage
from duobiao.opportunities.views.common import answer_form, needs, visible_deal
from duobiao.playbooks.queries import compiled_playbook, text_of


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, stage: str, function: str) -> HttpResponse:
    """Write what we say to a department in a stage, and what shows it."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.prove", deal)
    found = next((row for row in compiled_playbook(deal.playbook_id).playbook.stages if row.key == stage), None)
    if found is None or function not in Function.values:
        raise NotFound(_("There is no such stage or department."))
    require_open(deal)
    held = ValueMessage.objects.filter(opportunity=deal, stage=stage, function=function).first()
    initial = {
        "message": held.message if held else "",
        "proof": held.proof if held else "",
        "document": held.document.ref if held and held.document else "",
        "version": held.version if held else 0,
    }
    documents = [(row.ref, row.name) for row in documents_of(Ref.of(deal))]
    form = MessageForm(request.POST if request.method == "POST" else None, documents=documents, initial=initial)

    def act() -> None:
        given = form.cleaned_data
        write_message(
            opportunity=deal,
            stage=stage,
            function=function,
            message=given["message"],
            proof=given["proof"],
            document=get_document(ref=given["document"], user=actor) if given["document"] else None,
            version=given["version"],
            actor=actor,
            now=timezone.now(),
        )

    to = f"{deal_url(deal.ref, 'strategy')}#messages"
    context = {
        "deal": deal,
        "back": to,
        "title": Function(function).label,
        "stage_title": text_of(found.title, get_language()),
        "number": found.number,
    }
    return answer_form(request, form, act, to=to, fragment="message", context=context, toast=_("Message saved"))
