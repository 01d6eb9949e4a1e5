"""What a later version of a playbook must keep: the fixed control points of the version before it (F165)."""

from duobiao.playbooks.domain.model import ControlPoint, Playbook
from duobiao.playbooks.domain.problems import Code, Path, Problem


def guard(playbook: Playbook, before: Playbook) -> list[Problem]:
    """Return which fixed control points of ``before`` are gone, loosened, or left to somebody lower."""
    now = {point.key: (path, point) for path, point in _placed(playbook)}
    places = {stage.key: stage.number - 1 for stage in playbook.stages}
    problems = []
    for stage in before.stages:
        for point in stage.control_points:
            if not point.fixed:
                continue
            path, held = now.get(point.key, (("stages",), None))
            if held is None and stage.key in places:
                path = ("stages", places[stage.key])
            problems += _compare(path, point, held)
    return problems


def _compare(path: Path, before: ControlPoint, now: ControlPoint | None) -> list[Problem]:
    if now is None:
        return [Problem(path, Code.CONTROL_POINT_GONE, {"key": before.key})]
    problems = []
    if not now.fixed or (now.kind, now.item) != (before.kind, before.item):
        kept = {"key": before.key, "kind": str(before.kind), "item": before.item or "–"}
        problems.append(Problem(path, Code.CONTROL_POINT_LOOSENED, kept))
    if now.approver.is_below(before.approver):
        lowered = {"key": before.key, "approver": str(before.approver)}
        problems.append(Problem((*path, "approver"), Code.APPROVER_LOWERED, lowered))
    return problems


def _placed(playbook: Playbook) -> list[tuple[Path, ControlPoint]]:
    return [
        (("stages", stage.number - 1, "control_points", place), point)
        for stage in playbook.stages
        for place, point in enumerate(stage.control_points)
    ]
