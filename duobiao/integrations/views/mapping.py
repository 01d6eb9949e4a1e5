"""Say which column becomes what: by choosing, or by writing the mapping down."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity.http import actor_of
from duobiao.integrations.actions.create_import import set_mapping
from duobiao.integrations.domain.tables import Table, Unreadable
from duobiao.integrations.forms import FileChoice, as_yaml, chosen, guessed, targets
from duobiao.integrations.models import ImportRun
from duobiao.integrations.queries.fault_words import place, word_file
from duobiao.integrations.queries.guesses import normal
from duobiao.integrations.queries.sources import files_of, read_any
from duobiao.integrations.views.run import find_run
from duobiao.kernel.refusals import Refusal
from duobiao.web.http import done, render

WRITTEN, TARGETS = "written", "targets"


@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the columns of every file with a guess, or keep what was chosen."""
    run = find_run(request, ref)
    tables, unreadable = _tables(run)
    choices = chosen(tables, request.POST) if request.method == "POST" else guessed(tables)
    source = request.POST.get("source", "").strip() or run.source or _source(run)
    action = request.POST.get("action", "")
    text = request.POST.get("text", "") if action == WRITTEN else as_yaml(choices, source=source)
    if request.method != "POST" or action == TARGETS:
        return _page(request, run, choices, source=source, text=_shown(run, request, text), unreadable=unreadable)
    try:
        set_mapping(run=run, mapping=text, actor=actor_of(request))
    except Refusal as refusal:
        return _page(
            request, run, choices, source=source, text=text, unreadable=unreadable, refusal=refusal,
            status=refusal.status,
        )  # fmt: skip
    return done(request, to=reverse("integrations:import", args=[run.ref]), toast=_("Mapping saved"))


def _shown(run: ImportRun, request: HttpRequest, text: str) -> str:
    return run.mapping if run.mapping and request.method != "POST" else text


def _tables(run: ImportRun) -> tuple[list[tuple[str, Table]], dict[str, str]]:
    tables, unreadable = [], {}
    for source in files_of(run):
        try:
            tables.append((source.name, read_any(source)))
        except Unreadable as error:
            unreadable[place(source.name, line=error.line)] = word_file(error.code, error.params, line=error.line)
    return tables, unreadable


def _source(run: ImportRun) -> str:
    first = run.files.order_by("name").values_list("name", flat=True).first() or ""
    plain = "".join(letter for letter in normal(first.rpartition(".")[0]) if letter.isascii())
    return plain[:40] or "import"


def _page(
    request: HttpRequest,
    run: ImportRun,
    choices: list[FileChoice],
    *,
    source: str,
    text: str,
    unreadable: dict[str, str],
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "run": run,
        "choices": choices,
        "source": source,
        "text": text,
        "unreadable": unreadable,
        "targets": targets(),
        "refusal": refusal,
    }
    return render(request, "integrations/mapping.html", context, status=status)
