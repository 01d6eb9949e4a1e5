"""What is said on the telephone and during visits."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from duobiao.customers.models import Contact
from duobiao.engagement.models import CallPurpose, Strength, VisitPurpose
from duobiao.workbench.story.telling import Spec, dice

Speaker = Callable[[str, str], Contact]
ALL_PURPOSES = [purpose.value for purpose in CallPurpose]
NOT_VALUES = ("day", "who", "minutes", "since", "next")


def invitation(spec: Spec, *, started_at: datetime, meeting_at: datetime) -> dict[str, Any]:
    """Return the call that wins the first meeting: common ground, pain, appointment."""
    need = spec.get("need", {})
    skip = spec.get("skip", [])
    return {
        "started_at": started_at,
        "ended_at": started_at + timedelta(minutes=6 + dice(spec["key"], sides=8)),
        "purposes": ALL_PURPOSES,
        "introduced_us": True,
        "opened_with_consent": True,
        "problem": need.get("problem", ""),
        "problem_since": need.get("since", ""),
        "tried": need.get("tried", ""),
        "tried_result": need.get("result", ""),
        "need_kind": "EXPLICIT",
        "interest": 4 + dice(spec["key"], "interest", sides=2),
        "attitude": "POSITIVE",
        "reason_given": True,
        "let_customer_find": True,
        "benefit_shown": True,
        "meeting_at": meeting_at,
        "meeting_place": "" if "1.S3" in skip else need.get("place", ""),
        "meeting_topic": spec.get("topic", ""),
        "meeting_preparation": "同行业案例两页，现场数据采集表",
        "next_step": "发会面提纲",
        "is_a_class": True,
    }


def call_values(values: Spec, *, started_at: datetime) -> dict[str, Any]:
    """Return an ordinary call."""
    found = {name: value for name, value in values.items() if name not in NOT_VALUES}
    return {
        **found,
        "started_at": started_at,
        "ended_at": started_at + timedelta(minutes=values.get("minutes", 5)),
        "introduced_us": True,
        "problem_since": values.get("since", ""),
        "next_step": values.get("next", ""),
    }


def first_visit(spec: Spec, *, held_on: date, handler: Contact) -> dict[str, Any]:
    """Return the first visit: who we are, what troubles them, who decides."""
    need = spec.get("need", {})
    return {
        "held_on": held_on,
        "face_to_face": True,
        "purposes_met": [purpose.value for purpose in VisitPurpose],
        "strengths": [strength.value for strength in Strength],
        "reaction": f"{handler.name}认真看了案例，问了工期和停产窗口",
        "cases": "无锡、昆山两个同类项目，带去现场照片和上线前后数据",
        "trends": "介绍了本行业近两年的做法和标准变化",
        "found_handler": handler,
        "handler_facts": f"{handler.name}负责立项材料和技术协议，日常由他对接",
        "problem": need.get("problem", ""),
        "rivals": need.get("rivals", ""),
        "summary": f"现场看了一圈，确认问题：{need.get('problem', '')}",
        "next_step": "约深入调研，带数据采集表",
    }


def survey_visit(spec: Spec, *, held_on: date, handler: Contact, people: Speaker) -> dict[str, Any]:
    """Return the visit that ends the survey: confirmed, with the request for an initial solution."""
    need, without = spec.get("need", {}), spec.get("visit_without", [])
    decider = people(spec["customer"], "D")
    values: dict[str, Any] = {
        "held_on": held_on,
        "face_to_face": True,
        "problem": need.get("problem", ""),
        "impact": need.get("impact", "") or "影响交付，尚未算清",
        "wanted_by": need.get("wanted", "") or "越快越好",
        "budget_range": need.get("budget", ""),
        "budget_source": need.get("fund", ""),
        "purchase_process": "使用部门提需求，技术部门定标准，采购部门走流程，分管领导批准",
        "roles": "使用、技术、采购、财务各一人，分管领导任组长",
        "project_lead": handler.name,
        "decision_maker": f"{decider.name}（{decider.position}）",
        "rivals": need.get("rivals", ""),
        "confirmed_by": handler,
        "confirmed_channel": "MEETING",
        "confirmed_quote": "记录核对过了，数据没问题",
        "draft_title": f"{spec.get('topic', '')}建议书",
        "draft_version": "V0.9",
        "our_promises": "一周内给出带估算的初步方案",
        "summary": "调研完成，记录由对方确认",
        "next_step": "提交初步方案",
    }
    if "request" not in without:
        values |= {
            "requested_by": handler,
            "requested_on": held_on,
            "request_channel": "MEETING",
            "request_quote": "按今天说的范围，先出一版方案，带上估算",
        }
    if "scope" not in without:
        values |= {
            "solution_scope": "范围、架构、接口、工期、投资估算",
            "solution_due_on": held_on + timedelta(days=14),
        }
    return values
