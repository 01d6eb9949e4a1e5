"""Forms of a sheet: note, change, differ from what stands above, strike out, take off, act on a pair."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.people_picker import offer_people
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.act_on_pair import Todo, act_on_pair
from duobiao.planning.actions.note_entry import change_entry, differ, note_entry, remove_entry, strike
from duobiao.planning.domain.sheets import About, Definition, Pair
from duobiao.planning.forms.sheets import EntryForm, PairForm, ReasonForm
from duobiao.planning.models import SheetEntry
from duobiao.planning.queries.definitions import find_definition, words
from duobiao.planning.queries.evidence import offered
from duobiao.planning.queries.sheets import SheetShown, sheet_shown
from duobiao.planning.queries.subjects import Subject, find_subject, subject_of
from duobiao.planning.views.common import SHEET_CHANGED, answer, own_today
from duobiao.web.api import found_or_404
from duobiao.web.http import done

MOST_DEALS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, about: str, ref: str, definition: str) -> HttpResponse:
    """Note something in a section of a sheet: ``?section=``."""
    actor, subject, found = _writable(request, about, ref, definition)
    section = found.section_of(request.GET.get("section", "") or found.sections[0].key)
    if section is None:
        raise NotFound(_("There is no such section."))
    form = _form(request, subject, found)

    def act() -> None:
        said, now = form.said(), timezone.now()
        note_entry(subject=subject, definition=found, section=section.key, said=said, actor=actor, now=now)

    context = {"guidance": words(section.guidance), "title": words(section.title), "base": None, "entry": None}
    return _answer(request, form, act, context, subject=subject, toast=_("Entry noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def note_difference(request: HttpRequest, about: str, ref: str, definition: str, entry: str) -> HttpResponse:
    """Say how a subject differs from an entry that stands above."""
    actor, subject, found = _writable(request, about, ref, definition)
    base = _above(request, subject, found, entry)
    form = _form(request, subject, found, begun=base)

    def act() -> None:
        said, now = form.said(), timezone.now()
        differ(subject=subject, definition=found, base=base, said=said, actor=actor, now=now)

    section = found.section_of(base.section)
    guidance = words(section.guidance) if section is not None else ""
    context = {"guidance": guidance, "title": _("What differs here"), "base": base, "entry": None}
    return _answer(request, form, act, context, subject=subject, toast=_("Difference noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def strike_out(request: HttpRequest, about: str, ref: str, definition: str, entry: str) -> HttpResponse:
    """Say that an entry that stands above does not hold here."""
    actor, subject, found = _writable(request, about, ref, definition)
    base = _above(request, subject, found, entry)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason, now = form.cleaned_data["reason"], timezone.now()
        strike(subject=subject, definition=found, base=base, reason=reason, actor=actor, now=now)

    to = subject.address(found.key)
    context = {
        "title": _("Does not hold here"),
        "back": to,
        "subject": subject,
        "base": base,
        "sheet": words(found.title),
    }
    return answer(
        request, form, act, to=to, fragment="strike", context=context, toast=_("Struck out"), fires=SHEET_CHANGED
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change an entry."""
    entry, subject = _own(request, ref)
    actor = actor_of(request)
    _require_write(subject, actor)
    found = find_definition(entry.sheet.definition, subject.about)
    form = _form(request, subject, found, begun=entry)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        change_entry(entry=entry, version=version, said=form.said(), actor=actor, now=timezone.now())

    section = found.section_of(entry.section)
    guidance, title = (words(section.guidance), words(section.title)) if section is not None else ("", "")
    context = {"guidance": guidance, "title": title, "base": entry.overrides, "entry": entry}
    return _answer(request, form, act, context, subject=subject, toast=_("Entry saved"))


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an entry off its sheet; what stands above holds again."""
    entry, subject = _own(request, ref)
    remove_entry(entry=entry, actor=actor_of(request), now=timezone.now())
    to = subject.address(entry.sheet.definition)
    return done(request, to=to, fires=SHEET_CHANGED, toast=_("Entry taken off"), stay=True)


@require_http_methods(["GET", "HEAD", "POST"])
def act_on(request: HttpRequest, about: str, ref: str, definition: str, pair: str) -> HttpResponse:
    """Set two entries against each other and put a task on a project."""
    actor, subject, found = _writable(request, about, ref, definition)
    chosen = found.pair_of(pair)
    if chosen is None:
        raise NotFound(_("There is no such pair."))
    shown = sheet_shown(subject, found, actor, on=own_today(request))
    form = _pair_form(request, subject, chosen, shown)

    def act() -> None:
        held = form.cleaned_data
        entries = {line.entry.ref: line.entry for line in shown.lines}
        act_on_pair(
            subject=subject,
            definition=found,
            pair=chosen.key,
            inner=entries[held["inner"]],
            outer=entries[held["outer"]],
            todo=Todo(held["opportunity"], held["title"], held["owner"], held["due_on"]),
            actor=actor,
            now=timezone.now(),
        )

    to = subject.address(found.key)
    context = {
        "title": words(chosen.title),
        "guidance": words(chosen.guidance),
        "back": to,
        "subject": subject,
        "sheet": words(found.title),
        "ready": all(any(line.entry.section == key for line in shown.lines) for key in (chosen.inner, chosen.outer)),
        "people_url": f"{to}pairs/{chosen.key}/people/",
    }
    return answer(
        request, form, act, to=to, fragment="pair", context=context, toast=_("Task added"), fires=SHEET_CHANGED
    )


@require_safe
def pair_people(request: HttpRequest, about: str, ref: str, definition: str, pair: str) -> HttpResponse:
    """Offer the people that a name being typed may mean."""
    actor, subject, found = _writable(request, about, ref, definition)
    chosen = found.pair_of(pair)
    if chosen is None:
        raise NotFound(_("There is no such pair."))
    shown = sheet_shown(subject, found, actor, on=own_today(request))
    return offer_people(request, _pair_form(request, subject, chosen, shown))


def _pair_form(request: HttpRequest, subject: Subject, pair: Pair, shown: SheetShown) -> PairForm:
    deals = _deals(subject, actor_of(request))
    titles = {part.section.key: part.title for part in shown.sections}
    sides = {key: [line for line in shown.lines if line.entry.section == key] for key in (pair.inner, pair.outer)}
    initial = {"owner": actor_of(request).ref}
    if len(deals) == 1:
        initial["opportunity"] = deals[0].ref
    initial |= {
        name: lines[0].entry.ref
        for name, lines in zip(("inner", "outer"), sides.values(), strict=True)
        if len(lines) == 1
    }
    return PairForm(
        request.POST if request.method == "POST" else None,
        inner=sides[pair.inner],
        outer=sides[pair.outer],
        titles=(titles[pair.inner], titles[pair.outer]),
        deals=deals,
        people=User.objects.active(),
        today=own_today(request),
        initial=initial,
    )


def _deals(subject: Subject, actor: User) -> list[Opportunity]:
    """Return the open deals an action may belong to."""
    if subject.about is About.DEAL:
        return [subject.record]
    rows = Opportunity.objects.visible_to(actor).open().filter(customer=subject.record)
    return list(rows.order_by("name", "pk")[:MOST_DEALS])


def _writable(request: HttpRequest, about: str, ref: str, definition: str) -> tuple[User, Subject, Definition]:
    actor = actor_of(request)
    subject = find_subject(about, ref, actor)
    found = find_definition(definition, subject.about)
    _require_write(subject, actor)
    return actor, subject, found


def _require_write(subject: Subject, actor: User) -> None:
    require(actor, subject.verb, subject.record)
    if subject.about is About.DEAL:
        require_open(subject.record)


def _above(request: HttpRequest, subject: Subject, definition: Definition, ref: str) -> SheetEntry:
    """Return an entry that stands above and is taken over so far.

    Raises:
        NotFound: there is none.
    """
    shown = sheet_shown(subject, definition, actor_of(request), on=own_today(request))
    found = next((line.entry for line in shown.lines if line.own is None and line.entry.ref == ref), None)
    if found is None:
        raise NotFound(_("This entry no longer stands above."))
    return found


def _own(request: HttpRequest, ref: str) -> tuple[SheetEntry, Subject]:
    rows = SheetEntry.objects.filter(ref=ref, removed_at__isnull=True)
    related = ("sheet__industry", "sheet__customer", "sheet__opportunity", "overrides", "author")
    entry = found_or_404(rows.select_related(*related).first())
    return entry, subject_of(entry.sheet, actor_of(request))


def _form(
    request: HttpRequest, subject: Subject, definition: Definition, *, begun: SheetEntry | None = None
) -> EntryForm:
    return EntryForm(
        request.POST if request.method == "POST" else None,
        definition=definition,
        today=own_today(request),
        evidence=offered(subject, actor_of(request)),
        begun=begun,
    )


def _answer(
    request: HttpRequest,
    form: EntryForm,
    act: Callable[[], object],
    context: Mapping[str, object],
    *,
    subject: Subject,
    toast: str,
) -> HttpResponse:
    to = subject.address(form.definition.key)
    held = {**context, "back": to, "subject": subject, "sheet": words(form.definition.title)}
    return answer(request, form, act, to=to, fragment="entry", context=held, toast=toast, fires=SHEET_CHANGED)
