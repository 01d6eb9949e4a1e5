"""Messages as the chats' makers publish them, the hours of people, and which addresses may be called."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from duobiao.kernel.refusals import Invalid
from duobiao.push.actions import post_json as module
from duobiao.push.actions.post_json import Unreachable, check_address, post_json
from duobiao.push.domain.robots import DINGTALK, FEISHU, WECOM, Mention, Message, posted, refusal_of
from duobiao.push.domain.timing import digest_at, due_at, is_quiet, next_attempt

AT = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
MESSAGE = Message(
    "待办到期", "寄样品", "https://x.example.com/t", "打开", (Mention("林晓", "13800000001"), Mention("周"))
)
SHANGHAI = "Asia/Shanghai"


def test_wecom_takes_text_with_mobiles_and_the_key_stays_in_the_address():
    out = posted(WECOM, "https://qyapi.weixin.qq.com/send?key=k", "", MESSAGE, at=AT)

    assert out.address == "https://qyapi.weixin.qq.com/send?key=k"
    assert out.body == {
        "msgtype": "text",
        "text": {
            "content": "待办到期\n寄样品\n@林晓 @周\n打开: https://x.example.com/t",
            "mentioned_mobile_list": ["13800000001"],
        },
    }


def test_dingtalk_signs_in_the_address_over_stamp_and_secret():
    out = posted(DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=t", "SEC1", MESSAGE, at=AT)

    query = parse_qs(urlsplit(out.address).query)
    stamp = str(int(AT.timestamp() * 1000))
    expected = hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()
    assert query == {"access_token": ["t"], "timestamp": [stamp], "sign": [base64.b64encode(expected).decode()]}
    assert out.body["at"] == {"atMobiles": ["13800000001"], "isAtAll": False}
    plain = posted(DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=t", "", MESSAGE, at=AT)
    assert "sign" not in plain.address


def test_feishu_signs_in_the_body_an_empty_text_with_stamp_and_secret_as_key():
    out = posted(FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/h", "SEC2", MESSAGE, at=AT)

    stamp = str(int(AT.timestamp()))
    expected = hmac.new(f"{stamp}\nSEC2".encode(), b"", hashlib.sha256).digest()
    assert (out.body["timestamp"], out.body["sign"]) == (stamp, base64.b64encode(expected).decode())
    content = out.body["content"]["post"]["zh_cn"]
    assert content["title"] == "待办到期"
    assert content["content"][0][1] == {"tag": "a", "text": "打开", "href": "https://x.example.com/t"}


def test_long_text_is_cut_within_what_the_chats_take():
    out = posted(WECOM, "https://x", "", Message("标题", "长" * 3000, "https://x.example.com/t", "打开"), at=AT)

    assert len(out.body["text"]["content"].encode()) < 2048
    assert out.body["text"]["content"].endswith("打开: https://x.example.com/t")


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ({"errcode": 0, "errmsg": "ok"}, ""),
        ({"code": 0, "msg": "success"}, ""),
        ({"StatusCode": 0}, ""),
        ({"errcode": 93000, "errmsg": "invalid webhook url"}, "93000: invalid webhook url"),
        ({"code": 19021, "msg": "sign match fail"}, "19021: sign match fail"),
        ([], "no JSON answer"),
    ],
)
def test_answers_of_the_chats_are_understood(answer, refused):
    assert refusal_of(answer) == refused


def test_quiet_hours_pass_midnight_and_end_when_their_end_comes():
    night = {"quiet_from": time(22), "quiet_to": time(7, 30)}

    late = datetime(2026, 9, 16, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    assert due_at(late, zone=SHANGHAI, **night) == datetime(2026, 9, 16, 23, 30, tzinfo=UTC)
    assert due_at(AT, zone=SHANGHAI, **night) == AT
    assert due_at(AT, zone="America/New_York", quiet_from=time(21), quiet_to=time(22)) == datetime(
        2026, 9, 16, 2, 0, tzinfo=UTC
    )
    assert due_at(AT, zone=SHANGHAI, quiet_from=None, quiet_to=None) == AT


def test_the_digest_comes_at_its_hour_today_or_tomorrow():
    assert digest_at(AT, zone=SHANGHAI, at=time(9, 30)) == datetime(2026, 9, 16, 1, 30, tzinfo=UTC)
    assert digest_at(AT, zone=SHANGHAI, at=time(9, 20)) == datetime(2026, 9, 17, 1, 20, tzinfo=UTC)


@given(st.times(), st.times(), st.times())
def test_quiet_is_what_counting_minutes_says(at, begin, end):
    at, begin, end = (one.replace(second=0, microsecond=0) for one in (at, begin, end))
    minutes = set()
    clock = begin.hour * 60 + begin.minute
    while clock != end.hour * 60 + end.minute:
        minutes.add(clock)
        clock = (clock + 1) % 1440

    assert is_quiet(at, begin, end) == (at.hour * 60 + at.minute in minutes)


def test_pauses_grow_and_end():
    minutes = [(next_attempt(AT, n) - AT).total_seconds() / 60 for n in range(1, 6)]

    assert minutes == [1, 5, 15, 60, 240]
    assert next_attempt(AT, 6) is None


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/send",
        "https://localhost/send",
        "https://10.0.0.5/send",
        "https://127.0.0.1/send",
        "https://[::1]/send",
        "https://[::ffff:10.0.0.5]/send",
        "https://169.254.169.254/latest",
        "https://user:word@qyapi.weixin.qq.com/send",
        "https://qyapi.weixin.qq.com:port/send",
        "ftp://qyapi.weixin.qq.com/send",
        "file:///etc/passwd",
        "https://a.example.com/x\r\nHost: b",
        "",
    ],
)
def test_addresses_that_must_not_be_called_are_refused(address):
    with pytest.raises(Invalid) as refusal:
        check_address(address)

    assert set(refusal.value.fields) == {"address"}


def test_public_addresses_and_allowed_hosts_pass(settings):
    assert check_address("https://oapi.dingtalk.com/robot/send?access_token=t") == "oapi.dingtalk.com"
    settings.PUSH_HOSTS = {"im.factory.lan"}
    assert check_address("http://im.factory.lan/hook") == "im.factory.lan"


@pytest.mark.parametrize(
    "numbers", [["10.1.2.3"], ["8.8.8.8", "192.168.0.1"], ["::1"], ["100.64.0.1"], ["169.254.1.1"]]
)
def test_a_name_that_leads_inside_is_not_called(monkeypatch, numbers):
    rows = [(None, None, None, "", (number, 443)) for number in numbers]
    monkeypatch.setattr(module.socket, "getaddrinfo", lambda *_, **__: rows)
    monkeypatch.setattr(module.socket, "create_connection", lambda *_, **__: pytest.fail("connected"))

    with translation.override("en"), pytest.raises(Unreachable) as why:
        post_json("https://robots.example.com/send?key=hidden", {})

    assert str(why.value) == "robots.example.com: inside the own network"


def test_a_host_without_an_address_is_told_in_words(monkeypatch):
    def unknown(*_args, **_options):
        raise module.socket.gaierror(8, "nodename nor servname provided")

    monkeypatch.setattr(module.socket, "getaddrinfo", unknown)

    with translation.override("en"), pytest.raises(Unreachable) as why:
        post_json("https://robots.example.com/send?key=hidden", {})

    assert str(why.value) == "robots.example.com: there is no such host, or the name server does not answer"
