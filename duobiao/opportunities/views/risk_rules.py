"""The rules of risk signals: an administrator sees what is watched and sets from which figures on."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.opportunities.actions.set_risk_figures import set_risk_figures
from duobiao.opportunities.forms.risks import FiguresForm
from duobiao.opportunities.models import RiskFigures
from duobiao.opportunities.queries.signal_rules import rules_in_force
from duobiao.opportunities.signal_words import figures_words, origin_words, rule_explanation, rule_title
from duobiao.web.http import done, page_or_fragment, render


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as the page shows it.

    Attributes:
        figures: Measure and its figures, in words.
        changed: The company set its own.
    """

    key: str
    title: str
    explanation: str
    origin: str
    figures: list[tuple[str, str]]
    changed: bool


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show every rule with the figures in force."""
    _administrator(request)
    own = set(RiskFigures.objects.values_list("rule", flat=True))
    lines = [
        RuleLine(
            key, rule_title(key), rule_explanation(key), origin_words(rule.origin), figures_words(rule), key in own
        )
        for key, rule in rules_in_force().items()
    ]
    return render(request, "opportunities/risk_rules.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, rule: str) -> HttpResponse:
    """Set the figures of a rule, or restore the shipped ones."""
    actor = _administrator(request)
    held = rules_in_force().get(rule)
    if held is None or not held.measures:
        raise NotFound(_("There is no such signal."))
    own = RiskFigures.objects.filter(rule=rule).first()
    version = own.version if own is not None else 0
    form, status = FiguresForm(rule=held, version=version), 200
    if request.method == "POST":
        form, status = FiguresForm(request.POST, rule=held, version=version), 422
        restore = "restore" in request.POST
        if form.is_valid() or (restore and "version" in form.cleaned_data):
            try:
                set_risk_figures(
                    rule=rule,
                    figures=None if restore else form.figures(),
                    version=form.cleaned_data["version"],
                    actor=actor,
                    now=timezone.now(),
                )
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to="opportunities:risk_rules", toast=_("Figures saved"))
    context = {
        "form": form,
        "rule": rule,
        "title": rule_title(rule),
        "explanation": rule_explanation(rule),
        "changed": own is not None,
    }
    page, fragment = "opportunities/risk_figures.html", "opportunities/_risk_figures.html"
    return page_or_fragment(request, page=page, fragment=fragment, context=context, status=status)


def _administrator(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, "opportunities.risk_rules")
    return actor
