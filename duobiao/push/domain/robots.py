"""Messages to group robots as their makers publish them: address, signature, body, and what their answers mean.

Sources: developer.work.weixin.qq.com (群机器人), open.dingtalk.com (自定义机器人), open.feishu.cn (自定义机器人).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

WECOM, DINGTALK, FEISHU = "WECOM", "DINGTALK", "FEISHU"
LONGEST = 1800
"""Bytes of text; 企业微信 takes 2048."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody to be called; ``mobile`` as the chat knows them, "" for the name alone."""

    name: str
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a robot says."""

    title: str
    detail: str = ""
    url: str = ""
    link: str = ""
    mentions: Sequence[Mention] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """An address and the body to post to it."""

    address: str
    body: Mapping[str, Any]


def posted(kind: str, address: str, secret: str, message: Message, *, at: datetime) -> Posted:
    """Return what to post.

    Args:
        at: Goes into the signature; the robots refuse one that is an hour off.
    """
    build = {WECOM: _wecom, DINGTALK: _dingtalk, FEISHU: _feishu}[kind]
    return build(address, secret, message, at)


def _wecom(address: str, secret: str, message: Message, at: datetime) -> Posted:
    del secret, at  # the key in the address is all there is
    text = {"content": _plain(message), "mentioned_mobile_list": _mobiles(message)}
    return Posted(address, {"msgtype": "text", "text": text})


def _dingtalk(address: str, secret: str, message: Message, at: datetime) -> Posted:
    if secret:
        stamp = str(int(at.timestamp() * 1000))
        sign = quote_plus(_sign(secret, f"{stamp}\n{secret}"))
        address = f"{address}{'&' if '?' in address else '?'}timestamp={stamp}&sign={sign}"
    text = {"content": _plain(message)}
    return Posted(address, {"msgtype": "text", "text": text, "at": {"atMobiles": _mobiles(message), "isAtAll": False}})


def _feishu(address: str, secret: str, message: Message, at: datetime) -> Posted:
    line: list[dict[str, str]] = [{"tag": "text", "text": _cut(_lines(message.detail, _names(message)))}]
    if message.url:
        line.append({"tag": "a", "text": message.link or message.url, "href": message.url})
    post = {"zh_cn": {"title": message.title[:200], "content": [line]}}
    body: dict[str, Any] = {"msg_type": "post", "content": {"post": post}}
    if secret:
        stamp = str(int(at.timestamp()))
        body |= {"timestamp": stamp, "sign": _sign(f"{stamp}\n{secret}", "")}
    return Posted(address, body)


def _sign(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _plain(message: Message) -> str:
    text = _cut(_lines(message.title, message.detail, _names(message)))
    return _lines(text, f"{message.link}: {message.url}" if message.url else "")


def _mobiles(message: Message) -> list[str]:
    return [one.mobile for one in message.mentions if one.mobile]


def _names(message: Message) -> str:
    return " ".join(f"@{one.name}" for one in message.mentions)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _cut(text: str) -> str:
    held = text.encode()
    return text if len(held) <= LONGEST else held[:LONGEST].decode(errors="ignore") + "…"


def refusal_of(answer: object) -> str:
    """Return what a robot refused, from its answer; "" where it took the message."""
    if not isinstance(answer, Mapping):
        return "no JSON answer"
    code = answer.get("errcode", answer.get("code", answer.get("StatusCode")))
    if code == 0:
        return ""
    words = answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or ""
    return f"{code}: {words}"[:200]
