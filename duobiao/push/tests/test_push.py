"""From the bell to mail and chats: who chose what, when it is due, once each, tried again, seen in the outbox."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail as outgoing
from django.utils import timezone

from duobiao.identity.commands import create_token
from duobiao.identity.models import CompanySettings, Unit, User
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.push.actions.deliver import MOST_PER_ROBOT, deliver_due
from duobiao.push.actions.forget import forget_old_deliveries
from duobiao.push.actions.retry_delivery import NotGivenUp, retry_delivery
from duobiao.push.actions.route import route_new
from duobiao.push.actions.save_choices import save_choices
from duobiao.push.actions.save_robot import RobotDraft, remove_robot, save_robot
from duobiao.push.actions.try_robot import RobotSilent, try_robot
from duobiao.push.models import Delivery, PushSettings, Robot
from duobiao.push.queries.choices import Way, topic_of
from duobiao.push.tests.factories import make_person
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.models import Entry, EntryDetail, Notification

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
DUE = "opportunities.task_due"


def add(admin, server, **changes):
    values = {"kind": "WECOM", "name": "销售群", "address": server.url(), "topics": ["TASKS", "APPROVALS"], **changes}
    draft = RobotDraft(**values)
    return save_robot(robot=None, draft=draft, version=0, base_url="https://crm.example.com/", actor=admin, now=NOW)


def tell(*users, event=DUE, at=NOW, **data):
    values = {"task": "寄样品", "deal": "能量管理", **data}
    notify(users, event=event, url="/opportunities/O-1/#tasks", at=at, data=values)


def run(now=NOW) -> int:
    route_new(now=now)
    return deliver_due(now=now)


def choose(user, **changes):
    values = {
        "ways": {}, "quiet_from": None, "quiet_to": None, "digest_at": time(8, 30), "mobile": "", **changes
    }  # fmt: skip
    return save_choices(**values, actor=user, now=NOW)


def test_a_robot_says_once_what_stands_in_the_bell_with_a_link_and_a_mention(server, admin, seller):
    add(admin, server)
    choose(seller, mobile="138 0000-0001")
    tell(seller)

    assert run() == 1
    assert run() == 0

    ((path, body),) = server.posted
    assert path == "/send?key=k1"
    assert body["text"] == {
        "content": "今天到期：寄样品\n能量管理\n@林晓\n打开: https://crm.example.com/opportunities/O-1/#tasks",
        "mentioned_mobile_list": ["13800000001"],
    }


def test_several_people_of_one_line_are_one_message(server, admin, seller, unit):
    add(admin, server)
    tell(seller, make_person("周建国", unit=unit))

    assert run() == 1
    assert "@林晓 @周建国" in server.posted[0][1]["text"]["content"]


def test_a_robot_speaks_of_its_units_people_and_its_topics_only(server, admin, seller, unit):
    below = make_person("below", unit=Unit.objects.create(name="一部", parent=unit))
    add(admin, server, unit=unit)
    tell(below)
    tell(make_person("elsewhere", unit=Unit.objects.create(name="西南")))
    tell(seller, event="timeline.mentioned")

    assert run() == 1
    assert "@below" in server.posted[0][1]["text"]["content"]


def test_who_wants_no_robot_is_left_alone_and_a_robot_that_is_off_says_nothing(server, admin, seller):
    robot = add(admin, server)
    choose(seller, ways={"TASKS": Way(True, "OFF", False)})
    tell(seller)
    assert run() == 0

    choose(seller, ways={"TASKS": Way(True, "OFF", True)})
    Robot.objects.filter(pk=robot.pk).update(is_active=False)
    tell(seller)
    assert run() == 0
    assert server.posted == []


def test_quiet_hours_hold_a_message_back_until_they_end(server, admin, seller):
    add(admin, server)
    choose(seller, quiet_from=time(9), quiet_to=time(10))
    tell(seller)

    assert run() == 0
    assert run(NOW + timedelta(minutes=39)) == 0
    assert run(NOW + timedelta(minutes=40)) == 1


def test_trouble_is_noted_and_tried_again_with_growing_pauses_until_given_up(server, admin, seller):
    add(admin, server)
    tell(seller)
    server.answers = [(500, ""), (302, ""), (200, "no json"), (200, '{"errcode": 45009, "errmsg": "limit"}')] + [
        (500, "")
    ] * 9
    seen = []
    now = NOW
    for minutes in (0, 1, 5, 15, 60, 240):
        now += timedelta(minutes=minutes)
        assert run(now) == 0
        held = Delivery.objects.get()
        seen.append((held.state, held.last_error))

    assert seen == [
        ("WAITING", "127.0.0.1: HTTP 500"), ("WAITING", "127.0.0.1: HTTP 302"), ("WAITING", "127.0.0.1: no JSON answer"),
        ("WAITING", "45009: limit"), ("WAITING", "127.0.0.1: HTTP 500"), ("FAILED", "127.0.0.1: HTTP 500"),
    ]  # fmt: skip
    assert run(now + timedelta(days=9)) == 0
    server.answers = []
    retry_delivery(delivery=held, actor=admin, now=now)
    assert run(now) == 1
    with pytest.raises(NotGivenUp):
        retry_delivery(delivery=held, actor=admin, now=now)


def test_a_delivery_in_another_workers_hand_is_left_until_its_lease_ends(server, admin, seller):
    add(admin, server)
    tell(seller)
    route_new(now=NOW)
    Delivery.objects.update(claimed_at=NOW, attempts=1)

    assert deliver_due(now=NOW + timedelta(minutes=9)) == 0
    assert deliver_due(now=NOW + timedelta(minutes=11)) == 1


def test_what_waits_for_a_robot_that_was_switched_off_waits_on_and_old_deliveries_are_forgotten(server, admin, seller):
    robot = add(admin, server)
    tell(seller)
    route_new(now=NOW)
    Robot.objects.filter(pk=robot.pk).update(is_active=False)
    assert deliver_due(now=NOW) == 0
    assert Delivery.objects.get().state == "WAITING"
    Robot.objects.filter(pk=robot.pk).update(is_active=True)
    assert deliver_due(now=NOW) == 1

    assert forget_old_deliveries(now=NOW + timedelta(days=89)) == 0
    assert forget_old_deliveries(now=NOW + timedelta(days=91)) == 1


def test_a_robot_is_not_overrun(server, admin, seller):
    add(admin, server)
    for number in range(MOST_PER_ROBOT + 3):
        tell(seller, at=NOW + timedelta(seconds=number))

    assert run(NOW + timedelta(minutes=1)) == MOST_PER_ROBOT
    assert run(NOW + timedelta(minutes=2)) == 3


def test_mail_goes_at_once_or_as_one_digest_at_its_hour(company, seller):
    PushSettings.objects.create(pk=1, base_url="https://crm.example.com")
    choose(seller, ways={"TASKS": Way(True, "DAILY", True), "RISKS": Way(True, "NOW", True)}, digest_at=time(10))
    tell(seller)
    tell(seller, task="打样")
    tell(seller, event="opportunities.task_added", owner="林晓", due_on="2026-09-20")

    assert run() == 0
    assert run(NOW + timedelta(minutes=40)) == 3

    (message,) = outgoing.outbox
    assert (message.to, message.subject) == (["linxiao@example.com"], "3 条通知")
    assert "· 今天到期：寄样品\n  能量管理\n  https://crm.example.com/opportunities/O-1/#tasks" in message.body
    assert "https://crm.example.com/profile/notifications/" in message.body


def test_without_mail_server_address_or_wish_no_mail_is_put(seller, company):
    tell(seller, event=DUE)
    tell(make_person("no-address"), event="approvals.approval_asked")
    CompanySettings.objects.update(mail_host="")
    tell(seller, event="approvals.approval_asked")
    route_new(now=NOW)

    assert not Delivery.objects.exists()
    assert not Notification.objects.filter(routed_at=None).exists()


def test_what_leaves_the_bell_is_read_at_once(seller):
    choose(seller, ways={"TASKS": Way(False, "OFF", False)})
    tell(seller)
    tell(seller, event="timeline.mentioned")
    route_new(now=NOW)

    assert dict(Notification.objects.values_list("event", "read_at")) == {DUE: NOW, "timeline.mentioned": None}


def test_notifications_know_their_topic():
    assert [
        topic_of(one) for one in ("approvals.approval_asked", "opportunities.waiver_expired", DUE, "strategy.meeting_ended",
                                  "opportunities.risk_arose", "timeline.mentioned", "opportunities.team_changed")
    ] == ["APPROVALS", "APPROVALS", "TASKS", "TASKS", "RISKS", "MENTIONS", "DEALS"]  # fmt: skip


def test_routing_costs_the_same_for_any_number(server, admin, unit, assert_flat_queries):
    add(admin, server)

    def visit() -> None:
        Notification.objects.update(routed_at=None)
        Delivery.objects.all().delete()
        route_new(now=NOW)

    def grow() -> None:
        for number in range(8):
            tell(make_person(f"u{User.objects.count()}-{number}", unit=unit))

    grow()
    assert_flat_queries(visit=visit, grow=grow)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "ICQ"}, "kind"),
        ({"name": " "}, "name"),
        ({"address": ""}, "address"),
        ({"address": "https://10.0.0.1/x"}, "address"),
        ({"topics": []}, "topics"),
        ({"topics": ["WEATHER"]}, "topics"),
        ({"language": "xx"}, "language"),
        ({"secret": "x" * 201}, "secret"),
    ],
)
def test_what_no_robot_can_be_is_named(server, admin, change, field):
    with pytest.raises(Invalid) as refusal:
        add(admin, server, **change)

    assert set(refusal.value.fields) == {field}
    assert not Robot.objects.exists()


def test_a_robot_is_changed_from_what_was_seen_and_keeps_its_sealed_address(server, admin, seller):
    robot = add(admin, server, secret="SEC1", kind="DINGTALK")
    draft = RobotDraft(kind="DINGTALK", name="新名", topics=["TASKS"])
    with pytest.raises(StaleVersion):
        save_robot(robot=robot, draft=draft, version=9, base_url="", actor=admin, now=NOW)
    with pytest.raises(NotAllowed):
        save_robot(robot=robot, draft=draft, version=1, base_url="", actor=seller, now=NOW)
    with pytest.raises(Invalid):
        save_robot(
            robot=robot, draft=RobotDraft(kind="DINGTALK", name="x", topics=["TASKS"], secret="S"), version=1,
            base_url="", actor=admin, now=NOW,
        )  # fmt: skip

    held = save_robot(robot=robot, draft=draft, version=1, base_url="https://other", actor=admin, now=NOW)

    assert (held.name, held.version, held.address, PushSettings.load().base_url) == (
        "新名", 2, robot.address, "https://crm.example.com",
    )  # fmt: skip
    assert "key=k1" not in held.address
    try_robot(robot=held, actor=admin, now=NOW)
    assert "sign=" in server.posted[0][0]


def test_secrets_stand_nowhere_but_sealed(server, admin, client, caplog):
    robot = add(admin, server, address=server.url("/send?key=TOPSECRET"), secret="SIGNSECRET", kind="FEISHU")
    server.answers = [(500, "")]
    with pytest.raises(RobotSilent) as silent:
        try_robot(robot=robot, actor=admin, now=NOW)
    client.force_login(admin)
    shown = client.get(f"/admin/robots/{robot.ref}/").content.decode() + client.get("/admin/robots/").content.decode()

    told = str(silent.value) + caplog.text + shown + str(list(EntryDetail.objects.values_list("data")))
    assert "TOPSECRET" not in told
    assert "SIGNSECRET" not in told
    assert Entry.objects.filter(event="push.robot_tested").count() == 1


def test_removing_a_robot_drops_what_it_has_not_sent(server, admin, seller):
    robot = add(admin, server)
    tell(seller)
    route_new(now=NOW)

    remove_robot(robot=robot, actor=admin, now=NOW)

    assert not Delivery.objects.exists()
    assert run() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ways": {"WEATHER": Way()}}, "ways"),
        ({"ways": {"TASKS": Way(mail="SOMETIMES")}}, "mail"),
        ({"quiet_from": time(22)}, "quiet_to"),
        ({"quiet_to": time(7)}, "quiet_from"),
        ({"mobile": "call me"}, "mobile"),
    ],
)
def test_choices_that_cannot_be_are_named(seller, change, field):
    with pytest.raises(Invalid) as refusal:
        choose(seller, **change)

    assert set(refusal.value.fields) == {field}


def test_pages_keep_robots_show_the_outbox_and_choices(client, server, admin, seller):
    client.force_login(admin)
    sent = {
        "kind": "WECOM",
        "name": "销售群",
        "address": server.url(),
        "topics": ["TASKS"],
        "language": "zh-hans",
        "is_active": "on",
    }
    assert client.post("/admin/robots/new/", {**sent, "address": "http://intranet/x"}).status_code == 422
    assert client.post("/admin/robots/new/", sent).status_code == 303
    robot = Robot.objects.get()
    assert client.post(f"/admin/robots/{robot.ref}/try/").status_code == 303
    server.answers = [(404, "")]
    assert "127.0.0.1: HTTP 404" in client.post(f"/admin/robots/{robot.ref}/try/").content.decode()
    tell(seller, at=timezone.now())
    server.answers = [(500, "")]
    run(timezone.now())
    page = client.get("/admin/robots/?state=WAITING").content.decode()
    assert "127.0.0.1: HTTP 500" in page
    assert "寄样品" not in page
    Delivery.objects.update(state="FAILED")
    assert client.post(f"/admin/deliveries/{Delivery.objects.get().ref}/retry/").status_code == 303

    client.force_login(seller)
    form = {"digest_at": "09:00", "TASKS.mail": "DAILY", "TASKS.in_app": "on", "mobile": "13800000001"}
    form |= {f"{topic}.mail": "OFF" for topic in ("APPROVALS", "RISKS", "MENTIONS", "DEALS")}
    assert client.post("/profile/notifications/", {**form, "quiet_from": "22:00"}).status_code == 422
    assert client.post("/profile/notifications/", form).status_code == 303
    assert 'value="09:00"' in client.get("/profile/notifications/").content.decode()
    assert client.get("/admin/robots/").status_code == 403


def test_the_api_does_the_same(client, server, admin, seller):
    def send(user, method, path, body=None):
        head = {"authorization": f"Bearer {create_token(username=user.username, now=timezone.now())}"}
        return getattr(client, method)(f"/api/v1/push{path}", body, content_type="application/json", headers=head)

    body = {"kind": "WECOM", "name": "群", "address": server.url(), "topics": ["TASKS"]}
    robot = send(admin, "post", "/robots", body).json()
    again = send(admin, "put", f"/robots/{robot['ref']}", {**body, "address": "", "name": "群二", "version": 1}).json()
    assert send(admin, "post", f"/robots/{robot['ref']}/try").status_code == 204
    server.answers = [(500, "")]
    silent = send(admin, "post", f"/robots/{robot['ref']}/try")
    chosen = send(seller, "put", "/choices", {
        "ways": {"TASKS": {"in_app": True, "mail": "OFF", "robot": False}}, "digest_at": "09:00",
    })  # fmt: skip

    assert "address" not in robot
    assert (again["name"], again["version"]) == ("群二", 2)
    assert (silent.status_code, silent.json()["code"]) == (409, "robot_silent")
    assert chosen.json()["ways"]["TASKS"]["robot"] is False
    assert send(seller, "get", "/choices").json()["digest_at"] == "09:00"
    assert send(admin, "get", "/deliveries").json() == []
    assert send(seller, "get", "/robots").status_code == 403
    assert send(admin, "delete", f"/robots/{robot['ref']}").status_code == 204
