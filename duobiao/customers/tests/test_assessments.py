"""Assessments: what scores come to, where customers stand, what they prove, versions of schemes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.customers.actions.assess_customer import assess_customer
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.publish_scheme import publish_scheme
from duobiao.customers.domain.schemes import SchemeFault, read_scheme, total, write_scheme
from duobiao.customers.models import Assessment, SchemeVersion, Standing
from duobiao.customers.queries.assessments import class_marks, in_words, scored, standings_of
from duobiao.customers.queries.schemes import find_scheme, shipped_schemes
from duobiao.customers.tests.factories import NOW, customer, everything, person, token, unit
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.timeline.models import Entry

TODAY = date(2026, 9, 14)
EVALUATION = dict.fromkeys(("industry", "lifecycle", "scale", "organisation", "goals", "operations", "relationship"), 4)
SELECTION = {"revenue_potential": 90, "market_influence": 70, "strategic_fit": 80, "growth_potential": 60}


@pytest.fixture
def seller():
    return person(within=unit("华东一部"), name="林晓")


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力精密")


def assess(of, scores=None, *, scheme="evaluation", on=TODAY, by=None, **values):
    return assess_customer(
        customer=of, scheme=scheme, scores=scores or EVALUATION, assessed_on=on, actor=by or of.owner, now=NOW, **values
    )


@pytest.mark.pure
@pytest.mark.parametrize(
    ("scheme", "scores", "score", "reached"),
    [
        ("selection", SELECTION, "77.5", "B"),
        ("selection", {**SELECTION, "growth_potential": 73}, "80.1", "A"),
        ("selection", dict.fromkeys(SELECTION, 80), "80", "A"),
        ("selection", dict.fromkeys(SELECTION, 59), "59", "C"),
        ("evaluation", EVALUATION, "80", "A"),
        ("evaluation", {**EVALUATION, "lifecycle": 3}, "78", "B"),
        ("evaluation", dict.fromkeys(EVALUATION, 3), "60", "B"),
        ("evaluation", dict.fromkeys(EVALUATION, 1), "20", "C"),
        ("key_account", {"large_amount": 1, "long_cycle": 1, "complex_decision": 1, "wide_relations": 0}, "75", "KEY"),
        (
            "key_account",
            {"large_amount": 1, "long_cycle": 1, "complex_decision": 0, "wide_relations": 0},
            "50",
            "ORDINARY",
        ),
    ],
)
def test_scores_come_to_a_sum_of_weights_and_a_class(scheme, scores, score, reached):
    held = shipped_schemes()[scheme]

    assert total(held, scores) == Decimal(score)
    assert held.class_at(total(held, scores)).key == reached


@pytest.mark.pure
@given(st.lists(st.integers(0, 100), min_size=4, max_size=4))
def test_a_total_is_the_weighted_mean_read_naively(scores):
    held = shipped_schemes()["selection"]
    naive = sum(Decimal(row.weight) * score for row, score in zip(held.criteria, scores, strict=True)) / 100

    assert total(held, dict(zip(held.keys, scores, strict=True))) == naive


@pytest.mark.pure
@pytest.mark.parametrize("key", list(shipped_schemes()))
def test_a_scheme_written_and_read_is_the_same(key):
    assert read_scheme(write_scheme(shipped_schemes()[key])) == shipped_schemes()[key]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"scale": [5, 1]}, "scale"),
        ({"criteria": []}, "criteria"),
        ({"classes": [{"key": "A", "from": 10, "title": {"zh-Hans": "甲", "en": "A"}}]}, "classes"),
        ({"line": 0}, "line"),
        ({"surprise": 1}, "scheme.surprise"),
        ({"title": {"zh-Hans": "评估"}}, "title"),
    ],
)
def test_a_scheme_that_cannot_work_is_refused_at_its_place(change, path):
    with pytest.raises(SchemeFault) as refused:
        read_scheme({**write_scheme(shipped_schemes()["evaluation"]), **change})

    assert refused.value.path == path


@pytest.mark.django_db
def test_a_customer_stands_where_its_latest_assessment_says(hengli):
    assess(hengli, on=TODAY - timedelta(days=10), notes={"industry": "协会年报 2026"})
    assess(hengli, {**EVALUATION, "operations": 1})
    assess(hengli, dict.fromkeys(EVALUATION, 5), on=TODAY - timedelta(days=90))

    mark = class_marks([hengli])[hengli.pk]
    history = in_words(scored(hengli, scheme="evaluation").order_by("-assessed_on"))

    assert (mark.key, mark.score) == ("B", Decimal(68))
    assert [row.score for row in history] == [68, 80, 100]
    assert history[0].change == -12
    assert [line.change for line in history[0].lines if line.change] == [-3]
    assert history[1].lines[0].note == "协会年报 2026"
    assert Entry.objects.filter(event="customers.customer_assessed", chain=hengli.ref).count() == 3


@pytest.mark.django_db
def test_an_assessment_grows_old(hengli):
    assess(hengli)

    def old(on):
        return {row.key: row.is_old for row in standings_of(hengli, on=on)}

    assert old(TODAY + timedelta(days=180))["evaluation"] is False
    assert old(TODAY + timedelta(days=181))["evaluation"] is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scores", "values", "field"),
    [
        ({**EVALUATION, "scale": 6}, {}, "scale"),
        ({**EVALUATION, "scale": 0}, {}, "scale"),
        ({"industry": 4}, {}, "lifecycle"),
        ({**EVALUATION, "weather": 3}, {}, "weather"),
        (EVALUATION, {"on": TODAY + timedelta(days=1)}, "assessed_on"),
        (EVALUATION, {"notes": {"scale": "长" * 301}}, "note_scale"),
        (EVALUATION, {"note": "a\x00b"}, "note"),
    ],
)
def test_a_wrong_score_is_refused_and_nothing_kept(hengli, scores, values, field):
    before = everything()

    with pytest.raises(Invalid) as refused:
        assess(hengli, scores, **values)

    assert field in refused.value.fields
    assert everything() == before
    assert not Assessment.objects.exists()


@pytest.mark.django_db
def test_only_who_may_edit_the_customer_assesses_it(hengli):
    with pytest.raises(NotAllowed):
        assess(hengli, by=person(Role.EXECUTIVE))

    assert not Assessment.objects.exists()


@pytest.mark.django_db
def test_a_new_version_leaves_old_assessments_as_they_were(hengli, administrator):
    old = assess(hengli)
    document = write_scheme(shipped_schemes()["evaluation"])
    document["classes"][0]["from"] = 90

    publish_scheme(key="evaluation", document=document, version=1, actor=administrator, now=NOW)
    assert class_marks([hengli])[hengli.pk].key == "A"
    new = assess(hengli)

    assert (old.version.version, old.class_key) == (1, "A")
    assert (new.version.version, new.class_key) == (2, "B")
    assert find_scheme("evaluation").scheme.origin == "own"


@pytest.mark.django_db
def test_a_scheme_changed_meanwhile_or_wrongly_is_not_published(seller, administrator):
    document = write_scheme(shipped_schemes()["evaluation"])
    publish_scheme(key="evaluation", document=document, version=1, actor=administrator, now=NOW)
    document["criteria"][0]["weight"] = 16

    for version, by, refusal in ((1, administrator, Invalid), (2, administrator, Invalid), (2, seller, NotAllowed)):
        with pytest.raises(refusal):
            publish_scheme(key="evaluation", document=document, version=version, actor=by, now=NOW)
    document["criteria"][0]["weight"] = 15
    with pytest.raises(StaleVersion):
        publish_scheme(key="evaluation", document=document, version=1, actor=administrator, now=NOW)

    assert SchemeVersion.objects.count() == 2


@pytest.mark.django_db
def test_merged_customers_keep_all_assessments_and_the_latest_stands(seller, hengli):
    twin = customer(seller, "恒力精密")
    manager = person(Role.ADMINISTRATOR)
    assess(hengli, on=TODAY - timedelta(days=5))
    assess(twin, dict.fromkeys(EVALUATION, 2))

    merge_customers(keeper=hengli, other=twin, actor=manager, now=NOW)

    assert class_marks([hengli])[hengli.pk].key == "C"
    assert hengli.assessments.count() == 2
    assert Standing.objects.count() == 1


@pytest.mark.django_db
class TestApi:
    """Over the API."""

    @pytest.fixture
    def mine(self, api, seller):
        return api(token(seller))

    def test_scores_by_dimension_give_score_and_class(self, mine, hengli):
        answer = mine.post(f"/customers/{hengli.ref}/assessment", {"scores": SELECTION})

        assert answer.status_code == 201
        made = answer.json()
        assert (made["score"], made["class"], made["scheme"], made["version"]) == (77.5, "B", "selection", 1)
        assert mine.get(f"/customers/{hengli.ref}/assessments").json()["items"][0]["scores"] == SELECTION
        assert mine.get("/customer-ranking").json()["items"][0]["class"] == "B"

    def test_customers_are_found_by_their_class(self, mine, seller, hengli):
        customer(seller, "没有评估的客户")
        mine.post(f"/customers/{hengli.ref}/assessment", {"scheme": "evaluation", "scores": EVALUATION})

        def names(query):
            return [row["name"] for row in mine.get(f"/customers?{query}").json()["items"]]

        assert names("evaluation_class=A") == ["苏州恒力精密"]
        assert names("evaluation_class=B") == []
        assert names("evaluation_class=none") == ["没有评估的客户"]
        assert names("key_account=true") == []
        assert mine.get(f"/customers/{hengli.ref}").json()["evaluation_class"] == "A"

    @pytest.mark.parametrize(
        "body",
        [
            {"scores": {}},
            {"scores": {"weather": 3}},
            {"scores": {**SELECTION, "growth_potential": 101}},
            {"scores": {**SELECTION, "growth_potential": True}},
            {"scores": {**SELECTION, "growth_potential": "many"}},
            {"scheme": "selection", "scores": {"revenue_potential": 50}},
            {"scores": SELECTION, "assessed_on": "2999-01-01"},
        ],
    )
    def test_bad_scores_are_a_422(self, mine, hengli, body):
        assert mine.post(f"/customers/{hengli.ref}/assessment", body).status_code == 422
        assert not Assessment.objects.exists()

    def test_an_unknown_scheme_is_a_404_and_schemes_are_listed(self, mine, hengli):
        body = {"scheme": "astrology", "scores": SELECTION}

        assert mine.post(f"/customers/{hengli.ref}/assessment", body).status_code == 404
        listed = {row["key"]: row for row in mine.get("/assessment-schemes").json()}
        assert [row["weight"] for row in listed["selection"]["document"]["criteria"]] == [35, 20, 25, 20]
        assert listed["selection"]["shipped"] is True

    def test_an_administrator_publishes_a_scheme(self, api, mine, administrator):
        document = mine.get("/assessment-schemes").json()[1]["document"]
        document["criteria"][0]["weight"], document["criteria"][1]["weight"] = 30, 25
        body = {"version": 1, "document": document}

        assert mine.post("/assessment-schemes/selection", body).status_code == 403
        made = api(token(administrator)).post("/assessment-schemes/selection", body)
        assert (made.status_code, made.json()["version"], made.json()["shipped"]) == (201, 2, False)
