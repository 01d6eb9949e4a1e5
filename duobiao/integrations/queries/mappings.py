"""Read mappings: from YAML, checked against their schema, with the line of every fault."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from duobiao.integrations.domain.targets import Target
from duobiao.integrations.domain.values import SCALES
from duobiao.integrations.queries.fields import Fields, Kind, fields_of
from duobiao.integrations.schemas import FileRule, Mapping
from duobiao.kernel.refusals import Invalid

DATA = Path(__file__).parents[1] / "data"
LONGEST = 200_000
Place = tuple[str | int, ...]

WORDS: dict[str, Any] = {
    "missing": gettext_lazy("is missing"),
    "extra_forbidden": gettext_lazy("is not known here"),
    "literal_error": gettext_lazy("must be one of %(expected)s"),
    "enum": gettext_lazy("must be one of %(expected)s"),
    "string_type": gettext_lazy("must be text"),
    "dict_type": gettext_lazy("must be a group of names and values"),
    "model_type": gettext_lazy("must be a group of names and values"),
    "list_type": gettext_lazy("must be a list"),
    "bool_type": gettext_lazy("must be true or false"),
    "bool_parsing": gettext_lazy("must be true or false"),
    "int_type": gettext_lazy("must be a whole number"),
    "string_too_long": gettext_lazy("has more than %(max_length)s characters"),
    "string_too_short": gettext_lazy("is empty"),
    "string_pattern_mismatch": gettext_lazy("does not have the form %(pattern)s"),
}


class MappingRefused(Invalid):
    """A mapping cannot be used; every fault is named with its place."""

    code = "mapping_refused"


def shipped_mappings() -> dict[str, str]:
    """Return the texts of the mappings that come with the product, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.yaml"))}


def read_mapping(text: str) -> Mapping:
    """Read a mapping.

    Raises:
        MappingRefused: it is no YAML, or does not fit; ``fields`` has a reason by place.
    """
    node = _compose(text)
    try:
        mapping = Mapping.model_validate(_load(text))
    except ValidationError as error:
        faults = {_spot(node, tuple(item["loc"])): _reason(item) for item in error.errors()}
        raise _refusal(faults) from error
    faults = {_spot(node, where): reason for where, reason in _misfits(mapping)}
    if faults:
        raise _refusal(faults)
    return mapping


def _refusal(faults: dict[str, str]) -> MappingRefused:
    listed = _("; ").join(f"{where}: {reason}" for where, reason in list(faults.items())[:5])
    return MappingRefused(_("The mapping cannot be used. %(faults)s") % {"faults": listed}, fields=faults)


def _compose(text: str) -> yaml.Node:
    if len(text) > LONGEST:
        raise MappingRefused(_("The mapping has more than %(most)s characters.") % {"most": LONGEST})
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader)):
            raise MappingRefused(_("The mapping uses YAML anchors. Write every part out."))
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        reason = _("line %(line)s: %(problem)s") % {"line": line, "problem": error.problem or error.context}
        raise MappingRefused(_("The mapping is no YAML; %(reason)s.") % {"reason": reason}) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise MappingRefused(_("The mapping is no YAML.")) from error
    if node is None:
        raise MappingRefused(_("The mapping is empty."))
    _refuse_repeated(node, ())
    return node


def _load(text: str) -> Any:
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise MappingRefused(_("The mapping is no YAML.")) from error


def _refuse_repeated(node: yaml.Node, where: Place) -> None:
    for name, inner in _children(node):
        if isinstance(node, yaml.MappingNode) and [key for key, _value in _children(node)].count(name) > 1:
            raise _refusal({_spot_of((*where, name), inner): _("stands there twice")})
        _refuse_repeated(inner, (*where, name))


def _children(node: yaml.Node) -> Iterator[tuple[str | int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from enumerate(node.value)


def _spot(root: yaml.Node, where: Place) -> str:
    """Return ``files[3].columns.amount (line 41)`` for a path."""
    node, held = root, []
    for part in where:
        inner = dict(_children(node)).get(part)
        if inner is None:
            if isinstance(part, int) or part not in ("function-before[_long_form(), ColumnRule]", "[key]"):
                held.append(part)
            break
        held.append(part)
        node = inner
    return _spot_of(tuple(held), node)


def _spot_of(where: Place, node: yaml.Node) -> str:
    path = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in where).removeprefix(".")
    line = _("line %(line)s") % {"line": node.start_mark.line + 1}
    return f"{path} ({line})" if path else line


def _reason(item: Any) -> str:
    words = WORDS.get(item["type"])
    if words is None:
        return str(item["msg"]).removeprefix("Value error, ")
    return str(words) % {"expected": "", "max_length": "", "pattern": "", **item.get("ctx", {})}


def _misfits(mapping: Mapping) -> Iterator[tuple[Place, str]]:
    for number, rule in enumerate(mapping.files):
        specs = fields_of(rule.target)
        for name in rule.columns:
            if name not in specs:
                yield ("files", number, "columns", name), _unknown_field(name, rule, specs)
        for spec in specs.values():
            if spec.required and spec.name not in rule.columns:
                reason = _("the field %(field)s of %(target)s is missing")
                yield ("files", number, "columns"), reason % {"field": spec.name, "target": rule.target.value}
        yield from _idle_rules(number, rule, specs)


def _unknown_field(name: str, rule: FileRule, specs: Fields) -> str:
    close = get_close_matches(name, specs, n=1)
    if close:
        return _("is no field of %(target)s; do you mean %(close)s?") % {
            "target": rule.target.value,
            "close": close[0],
        }
    return _("is no field of %(target)s; its fields are %(fields)s") % {
        "target": rule.target.value,
        "fields": ", ".join(sorted(specs)),
    }


def _idle_rules(number: int, rule: FileRule, specs: Fields) -> Iterator[tuple[Place, str]]:
    for name, column in rule.columns.items():
        where: Place = ("files", number, "columns", name)
        kind = specs[name].kind if name in specs else None
        if set(column.transform) & set(SCALES) and kind not in (Kind.NUMBER, Kind.WHOLE, Kind.MONEY, None):
            yield (*where, "transform"), _("only figures have a unit")
        if column.placeholder and (rule.target is not Target.OPPORTUNITIES or name != "customer"):
            yield (*where, "placeholder"), _("only the customer of a deal has a placeholder")
        if column.by != "external_id" and kind not in (Kind.REFERENCE, None):
            yield (*where, "by"), _("only references have this")
    if rule.assert_stage and rule.target is not Target.OPPORTUNITIES:
        yield ("files", number, "assert_stage"), _("only deals have a stage")
