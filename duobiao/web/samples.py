"""Sample records for the style guide: made-up data in every state a component knows, not words of the interface."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms

from duobiao.web.components import (
    BuyerState,
    ConflictField,
    ConflictView,
    GateGroup,
    GateItem,
    Lag,
    OurState,
    RateState,
    Stepper,
    StepperStage,
    Tab,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEAR = 2026
BUYER = (
    "发现问题",
    "研究可行性",
    "项目立项",
    "建立采购标准",
    "招标初步筛选",
    "评标定首选",
    "合同审核谈判",
    "签约与实施",
)
OURS = (
    "规划与邀约",
    "拜访与调研",
    "提交初步方案",
    "演示与技术交流",
    "需求与正式方案",
    "项目评估",
    "商务谈判",
    "签约成交",
)
RATES = (5, 10, 25, 30, 50, 75, 90, 100)
HERE = "#stepper"


def _on(month: int, day: int) -> date:
    return date(YEAR, month, day)


def _stages(
    ours: str, buyer: int, rate: int, *, closed: bool = False, marks: dict[int, tuple[date | None, str]] | None = None
) -> tuple[StepperStage, ...]:
    """Build eight stages from a line of states: d done, n now, g goal, s settled, w waived, c claimed, o open."""
    names: dict[str, OurState] = {
        "d": "done", "n": "now", "g": "goal", "s": "settled", "w": "waived", "c": "claimed", "o": "open"
    }  # fmt: skip
    return tuple(
        StepperStage(
            number=n,
            url=HERE,
            buyer_title=BUYER[n - 1],
            our_title=OURS[n - 1],
            rate_percent=RATES[n - 1],
            buyer=_buyer(n, buyer, closed=closed),
            buyer_on=(marks or {}).get(n, (None, ""))[0],
            buyer_mark=(marks or {}).get(n, (None, ""))[1],
            ours=names[ours[n - 1]],
            our_on=_on(3 + n // 2, 2 + 3 * n) if ours[n - 1] in "dw" else None,
            met=1 if ours[n - 1] in "ng" else None,
            required=2 if ours[n - 1] in "ng" else None,
            waivers=1 if ours[n - 1] == "w" else 0,
            proof_url=HERE if ours[n - 1] == "c" else "",
            rate=_rate(n, rate, ours),
        )
        for n in range(1, 9)
    )


def _buyer(n: int, present: int, *, closed: bool) -> BuyerState:
    if n < present or (closed and n == present):
        return "done"
    return "now" if n == present else "open"


def _rate(n: int, rate: int, ours: str) -> RateState:
    if RATES[n - 1] == rate:
        return "current"
    if RATES[n - 1] > rate and ours[n - 1] == "w":
        return "held"
    return "reached" if ours[n - 1] in "dswn" else "open"


def steppers() -> list[Stepper]:
    """Return the two tracks in every state they know."""
    handbook = "八阶段手册 第 1 版"
    marks: dict[int, tuple[date | None, str]] = {
        1: (_on(3, 5), "确认纪要"), 2: (_on(4, 22), "要估算价"), 3: (_on(6, 18), "备案证"),
        4: (_on(7, 30), "交流邀请"), 5: (_on(9, 11), "招标公告"), 6: (_on(10, 12), "开标"),
    }  # fmt: skip
    return [
        Stepper(
            headline="买方已到第 5 阶段，我方待进入第 4 阶段", detail="已完成第 3 阶段，再补 1 项就进入第 4 阶段；已停留 35 天",
            stages=_stages("ddwgoooo", 5, 10, marks=marks), our_number=4, buyer_number=5,
            lag=Lag("CATCH_UP", 1, _on(9, 11)), playbook=handbook, table_url=HERE,
        ),
        Stepper(
            headline="同步：双方都在第 5 阶段", detail="短名单通知追认第 3–4 阶段，成功率照计",
            stages=_stages("ddssnooo", 5, 30, marks={5: (_on(9, 1), "短名单")}), our_number=5, buyer_number=5,
            lag=Lag("IN_SYNC"), playbook=handbook,
        ),
        Stepper(
            headline="领先：客户还没立项，我方先投入", detail="领先 2 段以上时提醒控制售前投入",
            stages=_stages("ddnooooo", 1, 10, marks={1: (_on(8, 20), "确认纪要")}), our_number=3, buyer_number=1,
            lag=Lag("AHEAD", -2, _on(9, 2)), playbook=handbook,
        ),
        Stepper(
            headline="领先 1 段：不必提醒", stages=_stages("ddnooooo", 2, 10), our_number=3, buyer_number=2,
            lag=Lag("AHEAD", -1), playbook=handbook,
        ),
        Stepper(
            headline="建议放弃：买方已在第 7 阶段", detail="落后 3 段，买方已过招标，请做放弃评审",
            stages=_stages("dddnoooo", 7, 25, marks={5: (_on(5, 20), "公告"), 7: (_on(9, 4), "合同文本")}),
            our_number=4, buyer_number=7, lag=Lag("GIVE_UP_PROPOSED", 3), playbook=handbook,
        ),
        Stepper(
            headline="买方阶段未知", detail="没有买方动作的证据，记一条就能比较",
            stages=_stages("nooooooo", 0, 0), our_number=1, buyer_number=0,
            lag=Lag("UNKNOWN"), record_buyer_url=HERE, playbook=handbook,
        ),
        Stepper(
            headline="导入的阶段待证明", detail="原系统称第 5 阶段，证据只到第 2 阶段；斜纹为未证明",
            stages=_stages("dncccooo", 3, 5, marks={3: (_on(6, 18), "备案证")}), our_number=2, buyer_number=3,
            lag=Lag("CATCH_UP", 1), playbook=handbook,
        ),
        Stepper(
            headline="已赢单，第 8 阶段完成", detail="阶段冻结在签约日 9-02",
            stages=_stages("dddddddd", 8, 100, closed=True), our_number=8, buyer_number=8, outcome="WON",
            playbook=handbook,
        ),
    ]  # fmt: skip


def gate_groups() -> list[GateGroup]:
    """Return gate items with every verdict."""
    return [
        GateGroup(title="进入第 4 阶段", met=1, required=2, items=(
            GateItem(title="答疑清单已书面回复", verdict="WEAK", reason="只有口头说明，没有书面材料", grade=1, needed=2,
                     never_expires=True, action_label="补证据", action_url=HERE, primary=True),
            GateItem(title="演示交流已举行", verdict="MET", reason="8-26 · 客户 7 人", reason_label="交流纪要.pdf",
                     reason_url=HERE, grade=2, needed=2, never_expires=True, url=HERE),
        )),
        GateGroup(title="完成第 4 阶段", met=3, required=6, aside="完成后与买方同步", items=(
            GateItem(title="采购标准无我方不能满足的条款", verdict="MISSING", reason="标准对照还没做；异议须在 10-02 前提出",
                     needed=2, action_label="去对照", action_url=HERE),
            GateItem(title="客户认可演示与交流", verdict="EXPIRED", reason="演示反馈表已满 180 天", grade=2, needed=2,
                     until=_on(2, 23), action_label="续证据", action_url=HERE),
            GateItem(title="已获取招标文件", verdict="MET", reason="正弘平台回执，9-14", grade=3, needed=3,
                     never_expires=True),
            GateItem(title="初步方案已提交", verdict="SETTLED", reason="短名单通知追认", grade=3, needed=2),
            GateItem(title="采购平台注册", verdict="NOT_APPLICABLE", reason="直接采购，不需要", needed=2),
        )),
        GateGroup(title="靠放行通过", note="阶段可以前进，成功率不计", items=(
            GateItem(title="第 3 阶段：预算到位或来源明确", verdict="WAIVED", reason="周建国批准，原因：财务批复在途",
                     needed=2, until=_on(10, 31), action_label="补证据", action_url=HERE),
        )),
    ]  # fmt: skip


def tabs() -> list[Tab]:
    """Return tabs of a deal."""
    return [Tab("概览", HERE, current=True), Tab("人物", HERE, 9), Tab("需求", HERE, 23), Tab("文件", HERE, 31)]


def segments() -> list[Tab]:
    """Return the views of a list."""
    return [Tab("看板", HERE, icon="layout-kanban", current=True), Tab("列表", HERE, icon="list")]


def crumbs() -> list[Tab]:
    """Return the way to a deal."""
    return [Tab("项目", "/"), Tab("智能制造", "/"), Tab("P-2026-0187")]


def lags() -> list[Lag]:
    """Return every lag."""
    return [
        Lag("IN_SYNC"),
        Lag("AHEAD", -1),
        Lag("AHEAD", -2),
        Lag("CATCH_UP", 1),
        Lag("GIVE_UP_PROPOSED", 3),
        Lag("UNKNOWN"),
    ]


def conflict() -> ConflictView:
    """Return two versions of a deal."""
    return ConflictView(
        who="许文博",
        at=datetime(YEAR, 9, 16, 9, 20, tzinfo=SHANGHAI),
        fields=(
            ConflictField(name="amount", label="金额", mine="¥1,280 万", theirs="¥1,350 万"),
            ConflictField(name="closes_on", label="预计签约", mine="2026-12-18", theirs="2026-12-18", changed=False),
        ),
    )


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="项目名称", max_length=120, help_text="客户和内容，不写日期")
    amount = forms.DecimalField(label="金额（万元）", required=False)
    on = forms.DateField(label="发生日期", widget=forms.DateInput(attrs={"type": "date"}))
    channel = forms.ChoiceField(label="渠道", choices=[("", "请选择"), ("MAIL", "邮件"), ("PHONE", "电话")])
    quote = forms.CharField(label="客户原话", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label="文件", required=False)
    interest = forms.ChoiceField(
        label="兴趣度", choices=[(str(n), str(n)) for n in range(1, 6)], widget=forms.RadioSelect, initial="4"
    )
    attitude = forms.ChoiceField(
        label="互动",
        choices=[("GOOD", "积极"), ("CALM", "中性"), ("DULL", "被动")],
        widget=forms.RadioSelect,
        initial="GOOD",
    )
    people = forms.MultipleChoiceField(
        label="参加人", choices=[("a", "周建明"), ("b", "集控班长")], widget=forms.CheckboxSelectMultiple, initial=["a"]
    )
    listeners = forms.MultipleChoiceField(
        label="参加人（列表）",
        choices=[("a", "周建明"), ("b", "集控班长")],
        widget=forms.CheckboxSelectMultiple,
        initial=["a"],
    )
    agreed = forms.BooleanField(label="开场先取得对方同意", required=False, initial=True)
    pushed = forms.BooleanField(label="没有在电话里推销产品", required=False)
    sure = forms.BooleanField(label="我已核对", required=True)


def forms_shown() -> tuple[SampleForm, SampleForm]:
    """Return a form as it begins, and one that was refused."""
    refused = SampleForm({"name": "", "on": "2027-01-01"}, prefix="refused")
    refused.add_error("on", "发生日期不能晚于今天（9 月 16 日）")
    return SampleForm(prefix="fresh"), refused
