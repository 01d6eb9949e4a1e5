"""Carry out a queued import in the background."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from duobiao.integrations.actions.finish_run import carry_out, fail
from duobiao.integrations.models import ImportRun
from duobiao.integrations.queries.sources import files_of
from duobiao.kernel.refusals import Refusal


@task()
def run_import(ref: str) -> str:
    """Carry out an import; begun again after its worker died, it goes on after its last checkpoint."""
    run = ImportRun.objects.select_related("actor").filter(ref=ref).first()
    if run is None or not run.is_busy:
        return "nothing to do"
    with translation.override(run.actor.language or translation.get_language()):
        try:
            carry_out(run, files_of(run), now=timezone.now(), progress=lambda _rows: None)
        except Refusal:
            return "refused"  # the run holds the reasons
        except Exception:
            fail(run, _("An unexpected fault stopped the import; the worker's log says more."), now=timezone.now())
            raise
    return "done"
