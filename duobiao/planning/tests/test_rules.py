"""The rules of sheets and plans: definitions, scores, inheritance, pictures, the year."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from duobiao.kernel.reading import Fault
from duobiao.planning.domain.inherit import Standing, inherited
from duobiao.planning.domain.pictures import RADAR_HEIGHT, RADAR_RADIUS, RADAR_WIDTH, placed, radar
from duobiao.planning.domain.plans import MONTH_WIDTH, YEAR_LEFT, bars_of, lanes, percent_reached, phase_at, place_of
from duobiao.planning.domain.scoring import Note, Result, result_of, score_of, sign_of
from duobiao.planning.domain.sheets import About, Definition, read_definition
from duobiao.planning.queries.definitions import FOLDER, definition_at, definitions

DOCUMENT = {
    "sheet": "small",
    "version": 1,
    "title": {"zh-Hans": "小", "en": "Small"},
    "purpose": {"zh-Hans": "试", "en": "Try"},
    "about": ["industry", "customer"],
    "statement": {"zh-Hans": "要点", "en": "Point"},
    "origin": "inferred",
    "sections": [{"key": "one", "title": {"zh-Hans": "一", "en": "One"}, "guidance": {"zh-Hans": "问", "en": "Ask"}}],
    "fields": [
        {"key": "impact", "kind": "scale", "scale": [1, 5], "title": {"zh-Hans": "影响", "en": "Impact"}},
        {"key": "chance", "kind": "scale", "scale": [1, 5], "title": {"zh-Hans": "可能", "en": "Chance"}},
    ],
    "score": ["impact", "chance"],
    "figure": "top",
    "picture": "grid",
}


def changed(path: str, value: object) -> dict[str, object]:
    document = deepcopy(DOCUMENT)
    place: object = document
    *before, last = path.split(".")
    for name in before:
        place = place[int(name)] if isinstance(place, list) else place[name]
    place[last] = value
    return document


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], "sheet"),
        (changed("colour", "red"), "sheet.colour"),
        (changed("version", 0), "version"),
        (changed("title", {"zh-Hans": "小"}), "title"),
        (changed("about", ["customer", "industry"]), "about"),
        (changed("about", ["town", "customer"]), "about[0]"),
        (changed("sections", []), "sections"),
        (changed("sections.0.key", "1"), "sections[0].key"),
        (changed("sections.0.single", "yes"), "sections[0].single"),
        (changed("fields.1.key", "impact"), "fields"),
        (changed("fields.0.kind", "colour"), "fields[0].kind"),
        (changed("fields.0.scale", [5, 1]), "fields[0].scale"),
        (changed("score", ["weight"]), "score[0]"),
        (changed("score", ["impact"]), "score"),
        (changed("figure", "net"), "fields"),
        (changed("picture", "film"), "picture"),
        (changed("picture", "chain"), "sections"),
        (changed("pairs", [{"key": "X", "inner": "one", "outer": "two"}]), "pairs[0].outer"),
    ],
)
def test_a_definition_that_cannot_be_read_names_the_place(document, path):
    with pytest.raises(Fault) as caught:
        read_definition(document)

    assert caught.value.path == path


def test_the_shipped_definitions_are_read_and_ordered():
    assert list(definitions()) == ["pest", "five_forces", "swot", "value_chain", "trends"]
    assert [found.version for found in definitions().values()] == [1, 1, 1, 1, 1]
    assert definition_at("pest", 99) == definitions()["pest"]
    assert {path.name for path in FOLDER.glob("*.yaml")} == {f"{key}.yaml" for key in definitions()}
    assert read_definition(yaml.safe_load((FOLDER / "swot.yaml").read_text(encoding="utf-8"))).about == (
        About.CUSTOMER,
        About.DEAL,
    )


def pest(**values: object) -> Note:
    return Note("political", values)


def test_a_pest_factor_scores_impact_times_likelihood():
    sheet = definitions()["pest"]

    assert score_of(sheet, {"impact": 4, "likelihood": 3}) == 12
    assert score_of(sheet, {"impact": 4}) is None
    assert sign_of(sheet, {"direction": "threat"}) == -1
    assert sign_of(sheet, {"direction": "neutral"}) == 0
    notes = [
        pest(direction="opportunity", impact=5, likelihood=4),
        pest(direction="threat", impact=3, likelihood=3),
        pest(direction="neutral", impact=5, likelihood=5),
    ]
    assert result_of(sheet, notes) == Result(Decimal(11), 20, 9)
    assert result_of(sheet, []) == Result(None)


def forces(*strengths: int) -> list[Note]:
    keys = [section.key for section in definitions()["five_forces"].sections]
    return [Note(key, {"strength": strength}) for key, strength in zip(keys, strengths, strict=False)]


@pytest.mark.parametrize(
    ("strengths", "value"), [((1, 1, 1, 1, 1), "5.00"), ((5, 5, 5, 5, 5), "1.00"), ((4, 2, 3, 3, 5), "2.60")]
)
def test_attractiveness_is_six_less_the_mean_of_the_forces(strengths, value):
    assert result_of(definitions()["five_forces"], forces(*strengths)).value == Decimal(value)


def test_attractiveness_waits_for_all_five_forces():
    found = result_of(definitions()["five_forces"], forces(4, 2, 3))

    assert (found.value, found.missing) == (None, ("suppliers", "buyers"))


def test_the_best_entry_point_is_the_highest_product():
    sheet = definitions()["value_chain"]
    notes = [Note("operations", {"value": 5, "access": 4}), Note("service", {"value": 3, "access": 5})]

    assert result_of(sheet, notes).value == 20
    assert result_of(definitions()["swot"], [Note("strengths", {"weight": 5})]).value is None


@dataclass(frozen=True)
class Row:
    key: int
    over: int | None = None
    struck: bool = False


def merge(base: list[Row], own: list[Row]):
    return inherited(
        base, own, key=lambda row: row.key, overrides=lambda row: row.over, is_struck=lambda row: row.struck
    )


def test_a_sheet_is_what_stands_above_with_what_differs():
    lines = merge([Row(1), Row(2), Row(3)], [Row(10, over=2), Row(11, over=3, struck=True), Row(12)])

    assert [(line.standing, line.entry.key, line.counts) for line in lines] == [
        (Standing.INHERITED, 1, True),
        (Standing.CHANGED, 10, True),
        (Standing.STRUCK, 3, False),
        (Standing.OWN, 12, True),
    ]


def test_what_changes_an_entry_no_longer_above_stands_by_itself_and_a_strike_says_nothing():
    lines = merge([], [Row(10, over=2), Row(11, over=3, struck=True)])

    assert [(line.standing, line.entry.key) for line in lines] == [(Standing.OWN, 10)]


@given(st.sets(st.integers(0, 12)), st.dictionaries(st.integers(0, 12), st.booleans()), st.integers(0, 4))
def test_inheritance_holds_for_any_sheets(base, differing, added):
    own = [Row(100 + over, over=over, struck=struck) for over, struck in differing.items()]
    own += [Row(200 + n) for n in range(added)]
    lines = merge([Row(key) for key in sorted(base)], own)

    standing = {line.entry.key for line in lines if line.counts}
    expected = {key for key in base if key not in differing}
    expected |= {row.key for row in own if not row.struck}
    assert standing == expected


def test_a_radar_points_upward_and_reaches_its_edge_at_the_highest_value():
    found = radar(["a", "b", "c", "d"], [[5, None, 2.5, 0]], highest=5)

    assert len(found.rings) == 5
    top, right, down, left = found.marks[0]
    assert (top.x, top.y) == (RADAR_WIDTH / 2, RADAR_HEIGHT / 2 - RADAR_RADIUS)
    assert (right.x, right.y) == (left.x, left.y) == (RADAR_WIDTH / 2, RADAR_HEIGHT / 2)
    assert down.y == RADAR_HEIGHT / 2 + RADAR_RADIUS / 2
    assert [axis.anchor for axis in found.axes] == ["mid-t", "start-t", "mid-t", "end-t"]


def test_entries_of_one_cell_do_not_lie_on_each_other():
    found = placed([(n, 3, 3, 1) for n in range(1, 8)] + [(8, 5, 1, -1)], highest=5)

    assert len({(row.place.x, row.place.y) for row in found}) == 8
    assert found[7].place.y > found[0].place.y
    assert found[7].place.x > found[0].place.x


@pytest.mark.parametrize(
    ("target", "reached", "percent"), [(10, 5, 50), (3, 2, 66), (3, 9, 300), (3, None, None), (3, -1, 0)]
)
def test_percent_is_rounded_down(target, reached, percent):
    assert percent_reached(target, reached) == percent


def test_months_may_run_over_the_end_of_the_year():
    assert [(bar.first, bar.last) for bar in bars_of(3, 5)] == [(3, 5)]
    assert [(bar.first, bar.last) for bar in bars_of(11, 2)] == [(1, 2), (11, 12)]
    assert bars_of(3, 5)[0].width == 3 * MONTH_WIDTH
    assert phase_at([("a", 11, 2), ("b", 3, 5)], 1) == ("a",)
    assert phase_at([("a", 11, 2), ("b", 3, 5)], 4) == ("b",)
    assert phase_at([("a", 11, 2)], 6) == ()


def test_a_day_lies_within_its_month():
    assert place_of(date(2026, 1, 1)) == YEAR_LEFT
    assert YEAR_LEFT + 11 * MONTH_WIDTH <= place_of(date(2026, 12, 31)) < YEAR_LEFT + 12 * MONTH_WIDTH


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 200)), max_size=20))
def test_marks_of_one_lane_do_not_overlap(rows):
    spans = [(left, left + width) for left, width in rows]
    found = lanes(spans)

    for lane in set(found):
        held = sorted(span for span, at in zip(spans, found, strict=True) if at == lane)
        assert all(end <= begin for (_left, end), (begin, _right) in pairwise(held))


def test_a_definition_finds_its_parts():
    sheet: Definition = definitions()["swot"]

    assert sheet.pair_of("WT").inner == "weaknesses"
    assert (sheet.section_of("x"), sheet.field_of("x"), sheet.pair_of("x")) == (None, None, None)
    assert definitions()["pest"].highest_score == 25
