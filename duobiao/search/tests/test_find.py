"""What is found, by whom, in which order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from duobiao.identity.models import Role, RoleGrant
from duobiao.search.actions.index import index, index_many, remove
from duobiao.search.models import SearchAccess, SearchDocument
from duobiao.search.queries import find, found_by_kind
from duobiao.search.tests.factories import NOW, findable, only_papers, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _papers():
    with only_papers():
        yield


@pytest.fixture
def seller(db):
    return person()


def titles(user, text, **options):
    return [hit.title for hit in find(user=user, text=text, **options)]


@pytest.mark.parametrize(
    "question",
    ["恒力", "苏州恒力", "厂", "苏", "x-200", "X2", "hengli", "HENG", "恒力 苏州", "X-200 恒力", "13812345678"],
)
def test_two_characters_one_character_or_the_beginning_of_a_word_suffice(seller, question):
    index(findable("苏州恒力精密机械厂 X-200", seller, subtitle="Hengli Precision", words=["x2000", "13812345678"]))
    index(findable("无锡化工集团", seller))

    assert titles(seller, question) == ["苏州恒力精密机械厂 X-200"]


@pytest.mark.parametrize("question", ["州力", "力恒", "上海", "engli", "", "  ", "***", "恒力 上海"])
def test_what_does_not_occur_is_not_found(seller, question):
    index(findable("苏州恒力精密机械厂", seller, subtitle="Hengli"))

    assert titles(seller, question) == []


@pytest.mark.parametrize(
    "question",
    ["'; DROP TABLE search_index; --", '" OR "', "title : 恒力", "恒力* AND (", "NEAR(恒力 苏州)", "\x00", "a" * 5000],
)
def test_a_question_in_the_words_of_a_query_language_is_only_words(seller, question):
    index(findable("苏州恒力", seller))

    assert titles(seller, question) == []


def test_hits_in_the_title_come_first_then_the_latest_touched(seller):
    index(findable("甲公司", seller, words=["恒力"], touched_at=NOW + timedelta(days=9)))
    index(findable("恒力旧", seller, touched_at=NOW))
    index(findable("恒力新", seller, touched_at=NOW + timedelta(days=1)))

    assert titles(seller, "恒力") == ["恒力新", "恒力旧", "甲公司"]
    assert titles(seller, "恒力", limit=1) == ["恒力新"]


def test_nobody_finds_what_lies_outside_their_scope():
    head = unit("总部")
    east, west = unit("华东", head), unit("华西", head)
    seller, colleague = person(unit=east), person(unit=east)
    manager, rival = person(Role.MANAGER, unit=east), person(Role.MANAGER, unit=west)
    index(findable("苏州恒力", seller))

    found = {
        who: titles(user, "恒力")
        for who, user in {
            "owner": seller,
            "colleague": colleague,
            "manager": manager,
            "manager elsewhere": rival,
            "executive": person(Role.EXECUTIVE),
            "left": person(Role.EXECUTIVE, active=False),
        }.items()
    }

    assert found == {
        "owner": ["苏州恒力"],
        "colleague": [],
        "manager": ["苏州恒力"],
        "manager elsewhere": [],
        "executive": ["苏州恒力"],
        "left": [],
    }


def test_a_person_on_the_team_finds_the_record_until_they_leave_it(seller):
    helper = person(Role.PRESALES)
    record = findable("苏州恒力", seller, people=frozenset({helper.pk}))
    index(record)
    assert titles(helper, "恒力") == ["苏州恒力"]

    index(findable("苏州恒力", seller, ref=record.ref))

    assert titles(helper, "恒力") == []
    assert not SearchAccess.objects.exists()


def test_a_role_that_may_see_nothing_finds_nothing_even_when_shared_with(seller):
    helper = person(Role.PRESALES)
    RoleGrant.objects.create(role=Role.PRESALES, verb="customers.view", scope="none")

    index(findable("苏州恒力", seller, people=frozenset({helper.pk})))

    assert titles(helper, "恒力") == []
    assert found_by_kind(user=helper, text="", per_kind=5) == []


def test_a_changed_record_is_found_by_its_new_words_only(seller):
    record = findable("苏州恒力", seller)
    index(record)

    index(findable("无锡化工", seller, ref=record.ref))

    assert titles(seller, "恒力") == []
    assert titles(seller, "化工") == ["无锡化工"]
    assert SearchDocument.objects.count() == 1


def test_a_removed_record_is_found_no_more(seller):
    record = findable("苏州恒力", seller)
    index(record)

    remove(kind="paper", refs=[record.ref, "X-unknown"])

    assert titles(seller, "恒力") == []
    assert not SearchDocument.objects.exists()


def test_indexing_again_what_did_not_change_only_reads(seller, django_assert_num_queries):
    record = findable("苏州恒力", seller)
    index(record)

    with django_assert_num_queries(4):  # the savepoint's two, the row, the access
        index(record)


def test_many_records_cost_as_many_queries_as_a_few(seller, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        index_many([findable(f"客户第{number}号", seller) for number in range(400)])

    assert len(find(user=seller, text="客户", limit=1000)) == 400


def test_results_are_grouped_by_kind_and_say_when_there_are_more(seller):
    index_many([findable(f"恒力{number}", seller) for number in range(4)])
    index(findable("恒力来函", seller, kind="letter"))

    groups = found_by_kind(user=seller, text="恒力", per_kind=3)

    assert [(group.kind.kind, len(group.hits), group.more) for group in groups] == [
        ("paper", 3, True),
        ("letter", 1, False),
    ]


def test_without_a_question_the_latest_touched_are_shown(seller):
    index(findable("旧", seller, touched_at=NOW))
    index(findable("新", seller, touched_at=NOW + timedelta(hours=1)))
    index(findable("别人的", person(), touched_at=NOW + timedelta(hours=2)))

    [group] = found_by_kind(user=seller, text=" ", per_kind=5)

    assert [hit.title for hit in group.hits] == ["新", "旧"]


def test_a_question_without_a_word_finds_nothing(seller):
    index(findable("苏州恒力", seller))

    assert found_by_kind(user=seller, text="？！", per_kind=5) == []


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(min_size=1, max_size=40).filter(lambda text: "\x00" not in text))
def test_whatever_is_kept_is_found_by_its_own_text(seller, text):
    record = findable("甲", seller, ref="X-any", words=[text])
    index(record)

    assert titles(seller, text + " 甲") == ["甲"]
