"""Components: meaning, order and names of what is drawn."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from duobiao.web import samples
from duobiao.web.components import GateGroup, GateItem, Lag, Stepper

CATCH_UP, IN_SYNC, AHEAD, MILD, GIVE_UP, UNKNOWN, CLAIMED, WON, FIVE = range(9)


def _stepper(which: int) -> Stepper:
    return samples.steppers()[which]


def test_every_node_of_the_stepper_is_a_link_in_the_order_of_the_stages(draw):
    page = draw("ui.two_track(stepper)", stepper=_stepper(CATCH_UP))

    nodes = page.all("a", "nd")
    assert len(nodes) == 16
    names = [node.attributes["aria-label"] for node in nodes]
    assert names[0] == "Buyer, stage 1 发现问题: passed"
    assert names[8].startswith("We, stage 1 规划与邀约: done")
    assert [name.split(" ")[2] for name in names] == ["1", "2", "3", "4", "5", "6", "7", "8"] * 2
    assert [node.attributes["aria-current"] for node in nodes if "aria-current" in node.attributes] == ["step", "step"]
    assert page.unbalanced == []


def test_the_gap_reaches_from_our_node_to_the_buyers(draw):
    gap = draw("ui.two_track(stepper)", stepper=_stepper(CATCH_UP)).one("div", "tt-lag")

    assert (gap.attributes["data-from"], gap.attributes["data-to"]) == ("7", "9")
    assert gap.text.startswith("1 stage behind")


@pytest.mark.parametrize(
    ("which", "css", "words", "ends"),
    [
        (IN_SYNC, "even", "in sync", ("9", "9")),
        (AHEAD, "ahead", "2 stages ahead, hold the effort", ("1", "5")),
        (MILD, "mild", "1 stage ahead", ("3", "5")),
        (GIVE_UP, "quit", "3 stages behind, give up?", ("7", "13")),
    ],
)
def test_each_lag_has_its_bracket(draw, which, css, words, ends):
    gap = draw("ui.two_track(stepper)", stepper=_stepper(which)).one("div", "tt-lag")

    assert css in gap.classes
    assert words in gap.text
    assert (gap.attributes["data-from"], gap.attributes["data-to"]) == ends


def test_a_track_of_five_stages_stands_among_the_columns_it_covers(draw):
    page = draw("ui.two_track(stepper)", stepper=_stepper(FIVE))

    assert [item.attributes["data-h"] for item in page.all("li")][8:] == ["2", "7", "11", "13", "15"]
    assert [node.attributes["data-w"] for node in page.all("div", "tt-no")] == ["0", "5", "4", "2", "2"]
    table = draw("ui.two_track_table(stepper)", stepper=_stepper(FIVE))
    assert [cell.attributes["rowspan"] for cell in table.all("th", scope="rowgroup")] == ["2", "3", "3", "1", "1"]


def test_while_the_buyer_is_unknown_the_gap_offers_to_note_an_act(draw):
    page = draw("ui.two_track(stepper)", stepper=_stepper(UNKNOWN))

    assert page.all("div", "tt-lag") == []
    link = next(element for element in page.all("a", "btn") if "tt-ask" not in element.classes)
    assert link.text == "Note a buyer's act"
    assert link.path[-1] == "div"


def test_a_closed_deal_has_no_bracket_but_its_outcome(draw):
    page = draw("ui.two_track(stepper)", stepper=_stepper(WON))

    assert page.all("div", "tt-lag") == []
    assert page.all("div", "tt-ask") == []
    assert [badge.text for badge in page.all("span", "bdg")] == ["won"]


def test_a_stage_only_claimed_is_hatched_and_offers_the_proof(draw):
    page = draw("ui.two_track(stepper)", stepper=_stepper(CLAIMED))

    assert len(page.all("a", "claim")) == 3
    assert [link.text for link in page.all("a") if link.text == "Prove it"] == ["Prove it"] * 3
    assert "to be proved" in [badge.text for badge in page.all("span", "bdg")]


def test_settled_waived_and_awaited_stages_have_their_own_marks(draw):
    caught_up = draw("ui.two_track(stepper)", stepper=_stepper(CATCH_UP))
    settled = draw("ui.two_track(stepper)", stepper=_stepper(IN_SYNC))

    assert len(caught_up.all("a", "waiv")) == 1
    assert caught_up.one("a", "goal").text == "4"
    assert len(caught_up.all("div", "l-tr")) == 1
    assert len(settled.all("a", "sett")) == 2


def test_the_rate_held_back_by_a_waiver_is_struck_through(draw):
    rates = draw("ui.two_track(stepper)", stepper=_stepper(CATCH_UP)).all("div", "tt-r")

    assert [rate.text for rate in rates] == ["5%", "10%", "25% not counted", "30%", "50%", "75%", "90%", "100%"]


def test_what_changed_is_read_out(draw):
    stepper = replace(_stepper(CATCH_UP), announce="已进入第 4 阶段")

    assert draw("ui.two_track(stepper)", stepper=stepper).one("p", role="status").text == "已进入第 4 阶段"


def test_the_table_says_the_same(draw):
    page = draw("ui.two_track_table(stepper)", stepper=_stepper(CATCH_UP))

    assert [cell.text for cell in page.all("th", scope="rowgroup")] == list(samples.OURS)
    assert page.one("caption").text == "买方已到第 5 阶段，我方待进入第 4 阶段 · 1 stage behind"


@pytest.mark.parametrize("which", range(9))
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_stepper_is_well_formed_in_every_language(draw, which, language):
    with translation.override(language):
        page = draw("ui.two_track(stepper)", stepper=_stepper(which))

    assert page.unbalanced == []
    assert all("style" not in element.attributes for element in page.elements)


@pytest.mark.parametrize(
    ("verdict", "words", "tone"),
    [
        ("MET", "met", "ok"),
        ("SETTLED", "settled by the buyer", "settled"),
        ("NOT_APPLICABLE", "not applicable", ""),
        ("WAIVED", "waived", "warn"),
        ("EXPIRED", "expired", "warn"),
        ("WEAK", "evidence too weak", "warn"),
        ("MISSING", "missing", "bad"),
    ],
)
def test_a_verdict_is_an_icon_and_words(draw, verdict, words, tone):
    badge = draw("ui.verdict_badge(verdict)", verdict=verdict).one("span", "bdg")

    assert badge.text == words
    assert badge.classes == {"bdg", tone} - {""}
    assert len(draw("ui.verdict_badge(verdict)", verdict=verdict).all("svg")) == 1


def test_a_gate_item_shows_its_reason_and_names_its_button(draw):
    item = GateItem(
        title="Questions answered", verdict="WEAK", reason="only told, nothing written", grade=1, needed=2,
        action_label="Add evidence", action_url="/proofs/new/", primary=True,
    )  # fmt: skip
    page = draw("ui.gate_item(item)", item=item)

    assert "evidence too weak · only told, nothing written" in page.one("div", "i2").text
    button = page.one("a", "btn")
    assert button.text == "Add evidence: Questions answered"
    assert "data-dialog" in button.attributes
    assert page.one("span", "gr").text == "asserted · needs documented"
    assert [dot.classes for dot in page.all("i")] == [{"f"}, {"need"}, set()]


def test_a_gate_item_that_is_met_asks_for_nothing(draw):
    item = GateItem(title="Held", verdict="MET", grade=2, needed=2, until=date(2027, 2, 23))
    page = draw("ui.gate_item(item)", item=item)

    assert page.all("a", "btn") == []
    assert "todo" not in page.one("div", "gate").classes
    assert page.one("span", "exp").text == "until 2027-02-23"


def test_script_in_a_title_is_text(draw):
    item = GateItem(title="<script>x</script>", verdict="MET", reason="<img onerror=x>")

    assert draw("ui.gate_item(item)", item=item).all("script") == []
    assert draw("ui.gate_item(item)", item=item).all("img") == []


def test_a_gate_group_counts(draw):
    group = GateGroup(title="Enter stage 4", met=1, required=2, items=(GateItem(title="A", verdict="MET"),))
    page = draw("ui.gate_group(group)", group=group)

    progress = page.one("progress")
    assert (progress.attributes["value"], progress.attributes["max"]) == ("1", "2")
    assert progress.attributes["aria-label"] == "1 of 2 done"
    assert len(page.all("li")) == 1


@pytest.mark.parametrize(("met", "required", "dash"), [(4, 6, "67 100"), (1, 3, "33 100"), (3, 3, "100 100")])
def test_a_ring_is_drawn_without_a_style(draw, met, required, dash):
    page = draw("ui.condition_ring(met, required, 'Process')", met=met, required=required)

    assert page.one("circle", "v").attributes["stroke-dasharray"] == dash
    assert page.one("svg").attributes["aria-label"] == f"Process: {met} of {required} met"
    assert all("style" not in element.attributes for element in page.elements)


def test_an_empty_ring_shows_no_arc(draw):
    assert draw("ui.condition_ring(0, 3, 'x')").all("circle", "v") == []


@pytest.mark.parametrize(
    ("lag", "words", "tone"),
    [
        (Lag("IN_SYNC"), "in sync", "ok"),
        (Lag("AHEAD", -1), "ahead 1", ""),
        (Lag("AHEAD", -2), "ahead 2", "warn"),
        (Lag("CATCH_UP", 2), "behind 2", "lag"),
        (Lag("GIVE_UP_PROPOSED", 3), "give up?", "bad"),
        (Lag("UNKNOWN"), "buyer unknown", ""),
    ],
)
def test_a_lag_is_said_in_words(draw, lag, words, tone):
    badge = draw("ui.lag_badge(lag, count=True)", lag=lag).one("span", "bdg")

    assert badge.text == words
    assert badge.classes == {"bdg", tone} - {""}


def test_track_dots_are_one_picture_with_a_name(draw):
    page = draw("ui.track_dots(5, 3, goal=True)")

    assert page.one(role="img").attributes["aria-label"] == "buyer in stage 5, we in stage 3 of 8"
    assert len(page.all("i", "f")) == 8
    assert len(page.all("i", "t")) == 1


def test_a_refused_field_names_its_error(draw):
    form = samples.forms_shown()[1]
    page = draw("ui.field(form.on)", form=form)

    control, error = page.one("input"), page.one("div", "err")
    assert control.attributes["aria-invalid"] == "true"
    assert error.attributes["id"] in control.attributes["aria-describedby"].split()
    assert page.one("label").attributes["for"] == control.attributes["id"]


def test_help_is_tied_to_its_field(draw):
    page = draw("ui.field(form.name, autocomplete='off', data_x=True)", form=samples.forms_shown()[0])

    control = page.one("input")
    assert page.one("div", "help").attributes["id"] == control.attributes["aria-describedby"]
    assert control.attributes["autocomplete"] == "off"
    assert control.attributes["data-x"] == ""
    assert control.classes == {"in"}


def test_chips_are_real_radio_buttons(draw):
    page = draw("ui.choice_chips(form.interest)", form=samples.forms_shown()[0])

    radios = page.all("input", type="radio")
    assert [radio.attributes["value"] for radio in radios] == ["1", "2", "3", "4", "5"]
    assert ["checked" in radio.attributes for radio in radios] == [False, False, False, True, False]
    assert [label.attributes["for"] for label in page.all("label")] == [radio.attributes["id"] for radio in radios]
    assert page.one("legend").text == "兴趣度 *"


def test_a_switch_is_a_real_checkbox(draw):
    page = draw("ui.switch_row(form.agreed)", form=samples.forms_shown()[0])

    box = page.one("input", type="checkbox", role="switch")
    assert "checked" in box.attributes
    assert page.one("label").attributes["for"] == box.attributes["id"]


def test_a_conflict_offers_both_versions_of_each_changed_field(draw):
    page = draw("ui.conflict(view)", view=samples.conflict())

    radios = page.all("input", type="radio")
    assert [(radio.attributes["name"], radio.attributes["value"]) for radio in radios] == [
        ("keep_amount", "mine"),
        ("keep_amount", "theirs"),
    ]
    assert [cell.text for cell in page.all("th", scope="row")] == ["金额", "预计签约"]


def test_the_last_crumb_is_this_page(draw):
    page = draw("ui.breadcrumb(items)", items=samples.crumbs())

    assert [link.text for link in page.all("a")] == ["项目", "智能制造"]
    assert page.one(aria_current="page").text == "P-2026-0187"


def test_a_neighbour_page_that_is_not_there_is_no_link(draw):
    page = draw("ui.pagination('', '/next/', '1-12')")

    assert [link.attributes["href"] for link in page.all("a")] == ["/next/"]
    assert page.one("span", aria_disabled="true").attributes["aria-label"] == "Previous page"


def test_a_sorted_column_says_so(draw):
    down = draw("ui.sort_link('Amount', 'amount', '-amount', '?sort=amount')")
    other = draw("ui.sort_link('Name', 'name', '-amount', '?sort=name')")

    assert down.one("th").attributes["aria-sort"] == "descending"
    assert "aria-sort" not in other.one("th").attributes


def test_money_carries_its_full_amount(draw):
    amount = draw("ui.money_of(1280000000)").one("span")

    assert (amount.text, amount.attributes["title"]) == ("¥12.8M", "¥12,800,000.00")


def test_an_icon_is_decoration_unless_it_has_a_name(draw):
    assert draw("icon('check')").one("svg").attributes["aria-hidden"] == "true"
    assert draw("icon('check', label='Done')").one(role="img").attributes["aria-label"] == "Done"
    assert "sprite.svg#tabler-check" in draw("icon('check', 's')").one("use").attributes["href"]


def test_links_of_a_head_are_buttons_and_on_a_phone_one_menu(draw):
    links = [
        {"label": "排名", "url": "/ranking/", "icon": "trophy"},
        {"label": "回收站", "url": "/trash/", "icon": "trash"},
    ]
    page = draw("ui.head_links(links)", links=links)

    hrefs = [element.attributes["href"] for element in page.all("a")]
    assert hrefs == ["/ranking/", "/trash/"] * 2
    assert [element.attributes["href"] for element in page.all("a", "btn")] == ["/ranking/", "/trash/"]
    assert page.one("details", "menu")
