"""A seller takes a new deal from nothing to the signed contract of an open tender, in the browser alone."""

from collections.abc import Callable
from types import SimpleNamespace

from django.utils import timezone
from playwright.sync_api import Page, expect

from duobiao.opportunities.models import Opportunity
from tests.journeys.deal_room import DealRoom
from tests.journeys.desk import Desk

TAPS_OF_A_CALL = 16
KEYS_OF_A_CALL = 40

# Per stage: the items in the order they are proved, each with its words, and the evidence where several would do.
STAGE_3 = [
    ("性能、技术、产品、时间需求已与客户复核", "节拍 42 秒、换型 15 分钟、年底前投产，王部长逐条确认", ""),
    ("初步方案已正式提交给项目负责人", "初步方案 V1.2 邮件送达王海涛，已回执", ""),
    ("客户正式立项", "恒瑞设〔2026〕17 号立项批复", "procurement.project_approved"),
    ("预算到位或来源明确", "技改预算 1,300 万，董事会纪要第 9 条", "procurement.budget_secured"),
    ("采购小组邀请我方演示或技术交流，时间已定", "邀请函：下周二在一号厂房做方案演示", ""),
]
STAGE_4 = [
    ("面向采购小组的演示或技术交流已举行", "签到表 9 人，含设备部、信息部和招标办", ""),
    ("答疑清单已书面回复，或客户未提出问题", "答疑清单 14 条已书面回复", "solutions.questions_answered"),
    ("客户认可演示与交流", "会议纪要：方案可行，同意进入招标", ""),
    ("采购标准中没有我方不能满足的实质性条款", "技术标准逐条对照，偏离 0 项", ""),
]
STAGE_5 = [
    ("工程或项目需求分析已完成", "需求规格书 V2.0 定稿", ""),
    ("正式方案设计完成并经内部批准", "技术评审会 11 号纪要，批准", ""),
    ("正式方案或投标（响应）文件已按时提交", "平台回执：投标文件上传成功", ""),
    ("正式方案获客户认可", "符合性评审结果：通过", ""),
    ("通过初步筛选", "资格预审合格通知书", "bids.prequalified"),
]
STAGE_6 = [
    ("我方完成评审要求的事项", "讲标 20 分钟，记录员签字", "bids.presentation_completed"),
    ("澄清等书面要求已答复，或客户未提出要求", "澄清函 3 条已在平台答复", "bids.clarifications_answered"),
    ("成为首选供应商或第一中标（成交）候选人", "中标候选人公示：第一名", ""),
    ("客户邀请商谈合同", "中标通知书 HR-2026-031", ""),
]
STAGE_7 = [
    ("合同谈判准备已经内部批准", "合同澄清清单 8 条，经理批准", ""),
    ("双方交换合同草案，谈判已启动", "合同草案第一稿互换", ""),
    ("合同条款达成一致", "与招标文件一致性核对完成", ""),
    ("决策者同意，合同通过客户内部审核", "客户合同会签单六个部门签完", ""),
    ("约定用印顺序与返还日期", "我方先盖，五天内寄回", ""),
]
STAGE_8 = [
    ("合同约定的生效条件已成就", "预付款到账，合同生效", "contracts.conditions_fulfilled"),
    ("内部启动会已开，交接单已签收", "交接单签收，交付经理接手", ""),
    ("客户同意实施计划，项目启动", "实施计划客户签字", ""),
]


def test_a_new_deal_reaches_its_signed_contract_in_an_open_tender(
    sit: Callable[..., Desk], people: SimpleNamespace
) -> None:
    desk = sit(people.seller, name="tender")
    room = open_a_deal(desk)
    call_from_a_phone(sit(people.seller, phone=True, name="tender-phone"), room)
    finish_stage_1(room)
    visit(desk, room)
    through_the_tender(room)
    sign(room)

    deal = Opportunity.objects.get(ref=room.ref)
    assert (deal.outcome, deal.stage_number, deal.state) == ("WON", 8, "COMPLETED")
    room.open("history/")
    desk.look("history of a won deal")
    rates = desk.page.locator("table.history tbody td:nth-child(3)").all_inner_texts()
    assert [rate for rate in rates if "→" in rate] == [
        "90% → 100%",
        "75% → 90%",
        "50% → 75%",
        "30% → 50%",
        "25% → 30%",
        "10% → 25%",
        "5% → 10%",
        "0% → 5%",
    ]


def open_a_deal(desk: Desk) -> DealRoom:
    """Open a deal from the empty board, with a customer that is new."""
    desk.go("/pipeline/")
    desk.look("empty board")
    desk.page.get_by_role("link", name="新建项目").first.click()
    desk.dialog.wait_for()
    desk.fill("name", "恒瑞二期 MES 与产线集成")
    desk.fill("customer_name", "恒瑞精密制造有限公司")
    desk.page.get_by_text("新建客户「恒瑞精密制造有限公司」").wait_for()
    desk.fill("amount", "1280")
    desk.look("new deal")
    desk.page.get_by_role("button", name="建立项目").click()
    desk.page.wait_for_url("**/opportunities/P-*/")
    room = DealRoom(desk)

    desk.look("new deal room")
    assert room.standing() == ("买方阶段未知，我方待进入第 1 阶段", "0%", "买方未知")
    desk.says("恒瑞精密制造有限公司", "¥1,280 万", "缺 10 项")
    return room


def call_from_a_phone(phone: Desk, room: DealRoom) -> None:
    """Log the first call on a phone, by the shortest way, with each tap and each key counted."""
    page = phone.page
    phone.go(room.path)
    phone.look("deal room on a phone")
    hand = Hand(page)
    hand.tap("#gap a[href*='/calls/new/']")
    page.wait_for_url("**/calls/new/**")
    phone.look("call on a phone, consent")
    hand.tap("label:has([name=opened_with_consent][value=yes])")
    hand.type("[name=new_name]", "王海涛")
    hand.tap("label:has([name=was_handler][value=yes])")
    hand.tap(".step-nav .btn.p")
    hand.type("[name=problem]", "两条线换型一次停 4 小时")
    hand.tap("label:has([name=interest][value='4'])")
    hand.tap("label:has([name=attitude][value=POSITIVE])")
    phone.look("call on a phone, pain")
    hand.tap(".step-nav .btn.p:not([disabled])")
    hand.tap("label:has([name=meeting_slot]) >> nth=1")
    hand.type("[name=meeting_place]", "一号厂房")
    hand.type("[name=meeting_topic]", "换型停机")
    expect(page.locator("#proves .bdg").first).to_have_text("9 项")
    phone.look("call on a phone, meeting")
    hand.tap(".actions button[type=submit]")
    page.wait_for_url(f"**{room.path}")

    assert hand.taps <= TAPS_OF_A_CALL
    assert hand.keys <= KEYS_OF_A_CALL
    phone.says("我方在第 1 阶段", "再补 1 项就完成第 1 阶段，成功率到 5%")


class Hand:
    """A thumb that is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.keys = page, 0, 0

    def tap(self, selector: str) -> None:
        """Tap once."""
        self.page.locator(selector).first.tap()
        self.taps += 1

    def type(self, selector: str, text: str) -> None:
        """Tap a field and type; a character is a key."""
        self.tap(selector)
        self.page.keyboard.type(text)
        self.keys += len(text)


def finish_stage_1(room: DealRoom) -> None:
    """Prove the one item the call left open, and note what the buyer did."""
    room.open()
    assert room.missing() == ["邀约客户符合目标客户选择标准"]
    room.assess("邀约客户符合目标客户选择标准")
    assert room.standing() == ("买方阶段未知，我方待进入第 2 阶段", "5%", "买方未知")

    room.page.locator("#two-track .tt-ask a").click()
    room.desk.dialog.wait_for()
    room.desk.look("buyer dialog")
    room.prove("信息部发来 RFI，问换型和追溯", key="procurement.rfi_received")
    assert room.standing().lag == "领先"


def visit(desk: Desk, room: DealRoom) -> None:
    """Record the visit that the call had agreed, and so complete stage 2."""
    desk.go("/visits/")
    desk.look("visits")
    desk.page.get_by_role("link", name="换型停机").first.click()
    desk.page.wait_for_url("**/visits/Z-*/")
    desk.look("visit with its brief")
    desk.says("要问的问题", "客户明确提出让我方提交初步方案")
    desk.page.get_by_role("link", name="记录拜访").click()
    desk.page.wait_for_url("**/record/")
    fill_in_the_visit(desk)
    expect(desk.page.locator("#proves")).to_contain_text("保存后完成第 2 阶段")
    desk.look("visit record")
    desk.page.get_by_role("button", name="保存拜访记录").click()
    desk.page.wait_for_url(lambda url: "/record/" not in url)
    room.open()

    assert room.standing() == ("买方已到第 1 阶段，我方待进入第 3 阶段", "10%", "领先")
    assert room.reached() == [1, 2]


def fill_in_the_visit(desk: Desk) -> None:
    """Fill in the survey, who confirmed it, and what the customer asked for."""
    if desk.page.locator("[name=met]:checked").count() == 0:
        desk.page.locator("label:has([name=met])").first.click()
    desk.fill("problem", "换型一次停 4 小时")
    desk.fill("impact", "每月少产 1,100 件")
    desk.fill("wanted_by", "年底前")
    desk.page.locator("label:has([name=confirmed_by])").first.click()
    desk.choose("confirmed_channel", "MEETING")
    desk.fill("confirmed_quote", "对，就是这几个问题")
    desk.page.locator("label:has([name=requested_by])").first.click()
    desk.fill("request_quote", "你们先出个初步方案吧")
    desk.fill("solution_scope", "MES 范围、节拍测算、投资估算")
    desk.fill("solution_due_on", timezone.localdate().isoformat())


def through_the_tender(room: DealRoom) -> None:
    """Prove stages 3 to 7 from what is missing; name the method and what the buyer did on the way."""
    promises = pass_stage(room, STAGE_3)
    assert promises == ["保存证据", "保存，进入第 3 阶段", "保存，买方到第 3 阶段", "保存证据", "保存，完成第 3 阶段"]
    assert room.standing() == ("买方已到第 4 阶段，我方待进入第 4 阶段", "25%", "同步")
    room.desk.look("deal room in stage 4")

    room.supply("采购方式与采购平台已明确")
    room.desk.choose("method", "OPEN_TENDER", within=room.desk.dialog)
    room.prove("招标公告：公开招标，省公共资源交易平台", look="purchase method")
    pass_stage(
        room,
        [
            *STAGE_4,
            (
                "客户要求我方做需求分析和正式方案",
                "招标文件 HR-ZB-2026-031 已购",
                "procurement.tender_documents_received",
            ),
        ],
    )
    assert room.standing() == ("买方已到第 5 阶段，我方待进入第 5 阶段", "30%", "同步")

    pass_stage(room, STAGE_5)
    assert room.standing() == ("买方已到第 5 阶段，我方待进入第 6 阶段", "50%", "领先")
    room.from_menu("记买方动作")
    room.prove("开标记录：7 家投标", key="procurement.bids_opened")
    assert room.standing().lag == "同步"

    promises = pass_stage(room, STAGE_6)
    assert promises[-1] == "保存，完成第 6 阶段"
    assert room.standing() == ("买方已到第 7 阶段，我方待进入第 7 阶段", "75%", "同步")
    pass_stage(room, STAGE_7)
    assert room.standing() == ("买方已到第 7 阶段，我方待进入第 8 阶段", "90%", "领先")
    assert room.reached() == [1, 2, 3, 4, 5, 6, 7]
    room.desk.look("deal room before the contract")


def pass_stage(room: DealRoom, items: list[tuple[str, str, str]]) -> list[str]:
    """Prove all that a stage lacks; return what the buttons promised."""
    promises = []
    for title, words, key in items:
        room.supply(title)
        promises.append(room.prove(words, key=key))
        room.open()
    return promises


def sign(room: DealRoom) -> None:
    """Record the contract, close the deal as won, and finish stage 8."""
    room.from_menu("结案")
    room.desk.choose("outcome", "WON", within=room.desk.dialog)
    room.desk.look("close without a contract")
    room.desk.dialog.get_by_role("link", name="记合同").click()
    room.desk.dialog.locator("[name=quote]").wait_for()
    assert room.prove("合同 HR-2026-031 双方盖章，原件两份") == "保存，进入第 8 阶段"

    room.close_as_won()
    room.desk.look("won deal")
    expect(room.page.locator(".deal-hd")).to_contain_text("赢单")
    assert pass_stage(room, STAGE_8)[-1] == "保存，完成第 8 阶段"
    assert room.standing().rate == "100%"
    assert room.reached() == [1, 2, 3, 4, 5, 6, 7, 8]
