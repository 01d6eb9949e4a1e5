"""Comments, mentions, the bell."""

import pytest
from django.urls import reverse
from django.utils import translation

from duobiao.identity.models import User
from duobiao.identity.tests.factories import make_administrator, make_token, make_user
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.timeline import registry
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.domain.mentions import Piece, pieces, prefixes
from duobiao.timeline.models import Comment, Entry, Notification
from duobiao.timeline.queries import comments_for, mentionable, notices, unread_count
from duobiao.timeline.registry import Subject
from duobiao.timeline.verification import verify_chains

pytestmark = pytest.mark.django_db
SECRET = Ref("thing", "X-1")


@pytest.fixture(autouse=True)
def _things(monkeypatch):
    """Things exist that sellers and administrators see; ``X-1`` is called 苏州产线."""
    subject = Subject(
        find=lambda user, ref: ref if ref == "X-1" and user.role in ("seller", "administrator") else None,
        url=lambda ref: f"/things/{ref}/",
        label=lambda _record: "苏州产线",
        chain=lambda record: record,
    )
    monkeypatch.setitem(registry._subjects, "thing", subject)


def test_a_mention_tells_exactly_those_who_may_see_the_record(now):
    author = make_user(name="周敏")
    seen, hidden = make_user(name="陈思远"), make_user("finance", name="刘洋")
    gone = make_user(name="孙丽", is_active=False)

    add_comment(subject=SECRET, body="@陈思远请看，@刘洋 @孙丽 @周敏 也看", actor=author, now=now)

    assert set(Comment.objects.get().mentions.all()) == {seen, author}
    assert list(Notification.objects.values_list("user", "url")) == [(seen.pk, "/things/X-1/")]
    with translation.override("en"):
        assert notices(seen)[0].title == "周敏 mentioned you on 苏州产线"
    assert notices(hidden) == notices(gone) == []
    entry = Entry.objects.get()
    assert (entry.event, entry.chain, entry.subject_ref) == ("timeline.comment_added", "X-1", "X-1")
    assert verify_chains() == []


def test_a_name_that_two_bear_mentions_nobody_but_their_sign_in_names_do(now):
    author, first = make_user(), make_user(name="王伟", username="wangw")
    make_user(name="王伟", username="wangw2")

    add_comment(subject=SECRET, body="@王伟 看一下", actor=author, now=now)
    assert not Notification.objects.exists()
    add_comment(subject=SECRET, body="@WangW 看一下", actor=author, now=now)

    assert [row.user for row in Notification.objects.all()] == [first]


@pytest.mark.parametrize("body", ["", "  \n ", "字" * 4001, "a\x00b"])
def test_empty_endless_and_unstorable_comments_are_refused(now, body):
    with pytest.raises(Invalid):
        add_comment(subject=SECRET, body=body, actor=make_user(), now=now)

    assert not Comment.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("role", "ref"), [("finance", "X-1"), ("seller", "X-2")])
def test_hidden_and_absent_records_look_the_same(now, role, ref):
    with pytest.raises(NotFound):
        add_comment(subject=Ref("thing", ref), body="x", actor=make_user(role), now=now)
    with pytest.raises(NotFound):
        add_comment(subject=Ref("nothing", ref), body="x", actor=make_user(role), now=now)

    assert not Comment.objects.exists()


def test_people_are_offered_only_if_they_may_see_the_record(now):
    actor = make_user(name="周敏")
    for name, role in (("陈思远", "seller"), ("陈财务", "finance"), ("陈伟", "seller"), ("陈伟", "seller")):
        make_user(role, name=name)
    make_user(name="陈离职", is_active=False)

    offered = mentionable(actor, SECRET, "陈")

    twins = [user.username for user in User.objects.filter(name="陈伟").order_by("id")]
    assert [(person.name, person.handle) for person in offered] == [
        *[("陈伟", username) for username in twins],
        ("陈思远", "陈思远"),
    ]
    assert mentionable(make_user("finance"), SECRET, "陈") == []
    assert mentionable(actor, Ref("thing", "X-2"), "") == []


def test_comments_are_shown_with_their_mentions_in_flat_queries(now, django_assert_num_queries):
    author = make_user(name="周敏")
    make_user(name="陈思远")
    for _index in range(5):
        add_comment(subject=SECRET, body="@陈思远请看 <b>", actor=author, now=now)

    with django_assert_num_queries(2):
        rows = comments_for(SECRET)

    assert rows[0].pieces == [Piece("@陈思远", mention=True), Piece("请看 <b>")]


@pytest.mark.parametrize(
    ("body", "groups"),
    [
        ("no mention", []),
        ("mail a@b.com", [["b.com", "b.co", "b.c", "b.", "b"]]),
        ("@张伟，好", [["张伟", "张"]]),
        ("@", []),
        ("@@x", [["x"]]),
    ],
)
def test_what_follows_an_at_may_be_a_name(body, groups):
    assert prefixes(body) == groups


def test_at_most_ten_mentions_count():
    assert len(prefixes("@a " * 50)) == 10


def test_pieces_are_the_text_again():
    body = "@Li 和 @li.na：@nobody"

    found = pieces(body, {"li", "Li.Na"})

    assert "".join(piece.text for piece in found) == body
    assert [piece.text for piece in found if piece.mention] == ["@Li", "@li.na"]


@pytest.fixture
def seller(client) -> User:
    """A seller who is signed in."""
    user = make_user(name="李晓峰")
    client.force_login(user)
    return user


def test_a_comment_is_written_without_javascript_and_once(client, seller):
    url = reverse("timeline:comments", args=["thing", "X-1"])
    page = client.get(url)
    assert page.status_code == 200
    form = {"body": "<script>alert(1)</script>", "form_token": "a" * 32}

    answers = [client.post(url, form), client.post(url, form)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/things/X-1/")] * 2
    assert Comment.objects.count() == 1
    assert "<script>alert(1)" not in client.get(url).content.decode()


def test_htmx_gets_the_fragment_and_a_refused_text_stays_in_the_field(client, seller):
    url = reverse("timeline:comments", args=["thing", "X-1"])

    added = client.post(url, {"body": "好"}, headers={"HX-Request": "true"})
    refused = client.post(url, {"body": "字" * 4001}, headers={"HX-Request": "true"})

    assert added.content.decode().lstrip().startswith('<div id="comments"')
    assert refused.status_code == 422
    assert "字" * 100 in refused.content.decode()


def test_hidden_records_have_no_comment_page(client):
    client.force_login(make_user("finance"))

    assert client.get(reverse("timeline:comments", args=["thing", "X-1"])).status_code == 404
    assert client.post(reverse("timeline:comments", args=["thing", "X-1"]), {"body": "x"}).status_code == 404
    offered = client.get(reverse("timeline:mentionable"), {"kind": "thing", "ref": "X-1"}).json()
    assert offered == {"people": []}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_bell_counts_lists_opens_and_is_cleared(client, seller, now, language):
    client.cookies["duobiao_language"] = language
    data = {"author": "周敏", "label": "苏州产线", "excerpt": "看"}
    notify([seller, seller, make_user()], event="timeline.mentioned", url="/profile/", at=now, data=data)
    notify([seller], event="unknown.event", url="", at=now)
    assert unread_count(seller) == 2
    page = client.get(reverse("timeline:notifications")).content.decode()
    assert "周敏" in page
    assert '<span class="dot-n" aria-hidden="true">2</span>' in page

    row = Notification.objects.get(user=seller, event="timeline.mentioned")
    opened = client.post(reverse("timeline:open_notification", args=[row.ref]))
    assert (opened.status_code, opened["Location"], unread_count(seller)) == (303, "/profile/", 1)
    client.post(reverse("timeline:read_all"))

    assert unread_count(seller) == 0
    assert client.get(reverse("timeline:notifications"), {"unread": "1"}).status_code == 200


def test_nobody_opens_the_bell_of_another(client, seller, now):
    notify([make_user()], event="timeline.mentioned", url="/x", at=now, data={})
    row = Notification.objects.get()

    assert client.post(reverse("timeline:open_notification", args=[row.ref])).status_code == 404
    client.post(reverse("timeline:read_all"))

    assert Notification.objects.get().read_at is None


def test_the_bell_costs_the_same_for_any_number_of_lines(client, seller, now, assert_flat_queries):
    def grow() -> None:
        for _index in range(5):
            notify([seller], event="timeline.mentioned", url="/x", at=now, data={})

    grow()
    assert assert_flat_queries(visit=lambda: client.get(reverse("timeline:notifications")), grow=grow) < 10


def test_comments_and_the_bell_through_the_api(api, now):
    author, reader = make_user(name="周敏"), make_user(name="陈思远")
    client, other = api(make_token(author, now)), api(make_token(reader, now))
    outsider = api(make_token(make_user("finance"), now))

    made = client.post("/comments", {"kind": "thing", "ref": "X-1", "body": "@陈思远 请看"}, idempotency_key="k")
    again = client.post("/comments", {"kind": "thing", "ref": "X-1", "body": "@陈思远 请看"}, idempotency_key="k")

    assert (made.status_code, made.json()["mentions"], made.content) == (201, ["陈思远"], again.content)
    assert [row["body"] for row in other.get("/comments", kind="thing", ref="X-1").json()] == ["@陈思远 请看"]
    assert outsider.get("/comments", kind="thing", ref="X-1").status_code == 404
    assert outsider.post("/comments", {"kind": "thing", "ref": "X-1", "body": "x"}).status_code == 404
    bell = other.get("/notifications").json()["items"]
    assert [(row["url"], row["read"]) for row in bell] == [("/things/X-1/", False)]
    assert other.post("/notifications/read", {}).json() == {"read": 1}
    assert Comment.objects.count() == 1


def test_administrators_comment_too(now):
    add_comment(subject=SECRET, body="好", actor=make_administrator(), now=now)

    assert Comment.objects.count() == 1
