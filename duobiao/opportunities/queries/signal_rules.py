"""The rules of risk signals in force: as shipped, with the company's own figures."""

from duobiao.opportunities.domain.rules import Rule
from duobiao.opportunities.models import RiskFigures
from duobiao.opportunities.signal_words import shipped_rules


def rules_in_force() -> dict[str, Rule]:
    """Return the rules by key, in their order; one query."""
    own = dict(RiskFigures.objects.values_list("rule", "figures"))
    return {key: rule.with_figures(own[key]) if key in own else rule for key, rule in shipped_rules().items()}
