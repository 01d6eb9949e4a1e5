"""The files of a record, for the pages that capabilities above compose."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from duobiao.documents.queries import files_shown
from duobiao.identity.http import actor_of
from duobiao.kernel.refs import Ref


def files_panel(request: HttpRequest, subject: Ref) -> str:
    """Draw the files of a record the reader may see, with the form that adds one.

    Args:
        subject: A record of a kind registered with the timeline.
    """
    context = {"shown": files_shown(subject, user=actor_of(request))}
    return render_to_string("documents/_files.html", context, request)
