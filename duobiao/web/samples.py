"""Sample records for the style guide: made-up data in every state a component knows, not words of the interface."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms

from duobiao.web.components import (
    BuyerState,
    BuyerStep,
    ConflictField,
    ConflictView,
    GateGroup,
    GateItem,
    Lag,
    OurState,
    OurStep,
    RateState,
    Stepper,
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
Track = tuple[tuple[str, tuple[int, int], int, int], ...]
"""Name, buyer stages covered, place and rate of each of our stages."""
EIGHT: Track = tuple((name, (n, n), 2 * n - 1, RATES[n - 1]) for n, name in enumerate(OURS, start=1))
FIVE: Track = (
    ("需求挖掘", (1, 2), 2, 15),
    ("方案设计", (3, 5), 7, 50),
    ("商务谈判", (6, 8), 11, 90),
    ("项目交付", (8, 8), 13, 95),
    ("客户维护", (8, 8), 15, 100),
)
HERE = "#stepper"


def _on(month: int, day: int) -> date:
    return date(YEAR, month, day)


def _buyers(
    present: int, *, closed: bool = False, marks: dict[int, tuple[date | None, str]] | None = None
) -> tuple[BuyerStep, ...]:
    return tuple(
        BuyerStep(
            number=n,
            url=HERE,
            title=BUYER[n - 1],
            place=2 * n - 1,
            state=_buyer(n, present, closed=closed),
            on=(marks or {}).get(n, (None, ""))[0],
            mark=(marks or {}).get(n, (None, ""))[1],
        )
        for n in range(1, 9)
    )


def _ours(states: str, rate: int, track: Track = EIGHT) -> tuple[OurStep, ...]:
    """Build our stages from a line of states: d done, n now, g goal, s settled, w waived, c claimed, o open."""
    names: dict[str, OurState] = {
        "d": "done", "n": "now", "g": "goal", "s": "settled", "w": "waived", "c": "claimed", "o": "open"
    }  # fmt: skip
    return tuple(
        OurStep(
            number=n,
            url=HERE,
            title=title,
            covers=covers,
            place=place,
            rate_percent=after,
            state=names[state],
            on=_on(3 + n // 2, 2 + 3 * n) if state in "dw" else None,
            met=1 if state in "ng" else None,
            required=2 if state in "ng" else None,
            waivers=1 if state == "w" else 0,
            proof_url=HERE if state == "c" else "",
            rate=_rate(after, rate, state),
        )
        for n, (state, (title, covers, place, after)) in enumerate(zip(states, track, strict=True), start=1)
    )


def _buyer(n: int, present: int, *, closed: bool) -> BuyerState:
    if n < present or (closed and n == present):
        return "done"
    return "now" if n == present else "open"


def _rate(after: int, rate: int, state: str) -> RateState:
    if after == rate:
        return "current"
    if after > rate and state == "w":
        return "held"
    return "reached" if state in "dswn" else "open"


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
            buyers=_buyers(5, marks=marks), ours=_ours("ddwgoooo", 10), our_number=4, buyer_number=5,
            lag=Lag("CATCH_UP", 1, _on(9, 11)), playbook=handbook, table_url=HERE,
        ),
        Stepper(
            headline="同步：双方都在第 5 阶段", detail="短名单通知追认第 3–4 阶段，成功率照计",
            buyers=_buyers(5, marks={5: (_on(9, 1), "短名单")}), ours=_ours("ddssnooo", 30), our_number=5, buyer_number=5,
            lag=Lag("IN_SYNC"), playbook=handbook,
        ),
        Stepper(
            headline="领先：客户还没立项，我方先投入", detail="领先 2 段以上时提醒控制售前投入",
            buyers=_buyers(1, marks={1: (_on(8, 20), "确认纪要")}), ours=_ours("ddnooooo", 10), our_number=3, buyer_number=1,
            lag=Lag("AHEAD", -2, _on(9, 2)), playbook=handbook,
        ),
        Stepper(
            headline="领先 1 段：不必提醒", buyers=_buyers(2), ours=_ours("ddnooooo", 10), our_number=3, buyer_number=2,
            lag=Lag("AHEAD", -1), playbook=handbook,
        ),
        Stepper(
            headline="建议放弃：买方已在第 7 阶段", detail="落后 3 段，买方已过招标，请做放弃评审",
            buyers=_buyers(7, marks={5: (_on(5, 20), "公告"), 7: (_on(9, 4), "合同文本")}), ours=_ours("dddnoooo", 25),
            our_number=4, buyer_number=7, lag=Lag("GIVE_UP_PROPOSED", 3), playbook=handbook,
        ),
        Stepper(
            headline="买方阶段未知", detail="没有买方动作的证据，记一条就能比较",
            buyers=_buyers(0), ours=_ours("nooooooo", 0), our_number=1, buyer_number=0,
            lag=Lag("UNKNOWN"), record_buyer_url=HERE, playbook=handbook,
        ),
        Stepper(
            headline="导入的阶段待证明", detail="原系统称第 5 阶段，证据只到第 2 阶段；斜纹为未证明",
            buyers=_buyers(3, marks={3: (_on(6, 18), "备案证")}), ours=_ours("dncccooo", 5), our_number=2, buyer_number=3,
            lag=Lag("CATCH_UP", 1), playbook=handbook,
        ),
        Stepper(
            headline="已赢单，第 8 阶段完成", detail="阶段冻结在签约日 9-02",
            buyers=_buyers(8, closed=True), ours=_ours("dddddddd", 100), our_number=8, buyer_number=8, outcome="WON",
            playbook=handbook,
        ),
        Stepper(
            headline="买方在第 5 阶段（共 8 阶段）；我方在第 2 阶段", detail="五阶段流程：一个阶段对应买方几个阶段",
            buyers=_buyers(5, marks=marks), ours=_ours("dnooo", 15, FIVE), our_number=2, buyer_number=5,
            lag=Lag("IN_SYNC"), playbook="五阶段全流程 第 1 版",
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
