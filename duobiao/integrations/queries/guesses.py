"""Guess what a file is and what its columns mean; people correct the guess on the page."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from django.utils import translation

from duobiao.integrations.domain.tables import Row, Table
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.domain.values import as_text
from duobiao.integrations.queries.fields import LANGUAGES, fields_of
from duobiao.integrations.queries.references import MODELS

SAMPLES = 3
LONGEST_SAMPLE = 40
SAMPLE_ROWS = 200
NOT_A_LETTER = re.compile(r"[\W_]+")

SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": (
        "名称",
        "姓名",
        "客户名称",
        "公司名称",
        "项目名称",
        "商机名称",
        "产品名称",
        "account",
        "company",
        "title",
        "项目",
        "名录",
        "平台",
        "平台名称",
        "register",
        "platform",
    ),
    "customer": ("客户", "客户名称", "公司", "所属客户", "account", "company", "organisation", "organization"),
    "owner": ("负责人", "销售", "销售员", "客户经理", "owner", "salesagent", "salesperson", "seller"),
    "amount": ("金额", "合同额", "预计金额", "closevalue", "value", "revenue"),
    "industry": ("行业", "sector"),
    "company": ("公司", "单位", "企业", "公司名称", "单位名称", "account", "customer"),
    "contact_name": ("联系人", "姓名", "contact", "name"),
    "need": ("需求", "需求描述", "备注", "remark", "requirement"),
    "source": ("来源", "线索来源", "channel", "渠道"),
    "entered_on": ("登记日期", "创建日期", "日期", "date", "created"),
    "pool": ("公海",),
    "campaign": ("活动", "市场活动"),
    "listing": ("类别", "名录类别", "kind", "type"),
    "number": ("编号", "供应商编号", "供方编号", "suppliernumber"),
    "login_holder": ("账号持有人", "账号保管人"),
    "responsible": ("负责人", "责任人", "经办人", "owner", "responsible"),
    "valid_from": ("生效日期", "开始日期", "有效期起", "validfrom", "start"),
    "valid_until": ("到期日", "到期日期", "截止日期", "有效期至", "有效期止", "validuntil", "expiry", "end"),
    "state": ("状态", "status"),
    "since_on": ("状态日期", "准入日期", "日期", "date"),
    "remarks": ("备注", "说明", "remarks", "notes"),
    "region": ("地区", "城市", "省份", "officelocation", "location", "country"),
    "phone": ("电话", "座机", "联系电话"),
    "mobile": ("手机", "手机号", "cell", "mobilephone"),
    "email": ("邮箱", "邮件", "电子邮件", "mail"),
    "position": ("职位", "职务", "jobtitle"),
    "department": ("部门",),
    "outcome": ("结果", "状态", "stage", "dealstage", "status"),
    "claimed_label": ("阶段", "销售阶段", "stage", "dealstage"),
    "opened_on": ("创建日期", "立项日期", "开始日期", "engagedate", "createddate", "created"),
    "closed_on": ("关闭日期", "成交日期", "closedate", "closeddate"),
    "expected_close_on": ("预计签约", "预计成交", "expectedclosedate"),
    "list_price": ("价格", "目录价", "单价", "salesprice", "price"),
    "code": ("编码", "产品编码", "sku"),
    "parent": ("上级公司", "母公司", "subsidiaryof", "parentcompany"),
    "employee_count": ("员工数", "人数", "employees"),
    "annual_revenue": ("营业额", "年收入", "revenue"),
    "founded_year": ("成立年份", "yearestablished", "founded"),
    "description": ("说明", "描述", "备注"),
    "unit": ("部门", "regionaloffice", "office", "team"),
    "role": ("角色", "岗位"),
    "product": ("产品",),
    "contact": ("联系人", "客户联系人", "contact", "person"),
    "author": (
        "作者",
        "负责人",
        "跟进人",
        "拨打人",
        "记录人",
        "创建人",
        "owner",
        "author",
        "user",
        "createdby",
        "assignedto",
    ),
    "opportunity": ("项目", "商机", "项目编号", "deal", "opportunity"),
    "started_at": ("通话时间", "拨打时间", "开始时间", "时间", "日期", "date", "startedat", "calldate"),
    "held_on": ("拜访日期", "日期", "date", "visitdate"),
    "noted_at": ("记录时间", "跟进时间", "时间", "日期", "date", "createdat"),
    "body": ("内容", "跟进内容", "记录", "备注", "body", "content", "note"),
    "notes": ("备注", "通话内容", "内容", "notes", "description"),
    "summary": ("纪要", "拜访内容", "内容", "summary"),
    "title": ("任务", "主题", "subject", "task"),
    "due_on": ("截止日期", "到期日", "duedate", "due"),
    "done_on": ("完成日期", "完成时间", "completeddate"),
    "added_on": ("创建日期", "创建时间", "createddate"),
}
IDS = (
    "id",
    "编号",
    "客户编号",
    "项目编号",
    "商机编号",
    "ref",
    "code",
    "externalid",
    "opportunityid",
    "account",
    "product",
    "name",
)
TARGET_WORDS: dict[Target, tuple[str, ...]] = {
    Target.CALLS: ("call", "电话记录", "通话"),
    Target.VISITS: ("visit", "拜访"),
    Target.NOTES: ("note", "跟进记录", "活动记录", "activit"),
    Target.TASKS: ("task", "任务", "待办"),
    Target.LEADS: ("lead", "线索"),
    Target.ADMISSIONS: ("admission", "准入", "供方名录", "入库", "入围"),
    Target.OPPORTUNITIES: ("opportunit", "pipeline", "deal", "商机", "项目"),
    Target.CONTACTS: ("contact", "联系人"),
    Target.PRODUCTS: ("product", "产品", "物料"),
    Target.USERS: ("user", "team", "employee", "seller", "people", "员工", "人员", "销售"),
    Target.UNITS: ("unit", "office", "department", "组织", "部门"),
    Target.CUSTOMERS: ("customer", "account", "client", "客户", "公司"),
}


def normal(text: object) -> str:
    """Return letters and digits of a heading, lower case."""
    return NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", str(text)).casefold())


def guess_target(file_name: str) -> Target:
    """Guess what a file holds by its name; customers where nothing tells."""
    plain = normal(file_name)
    return next(
        (target for target, words in TARGET_WORDS.items() if any(word in plain for word in words)), Target.CUSTOMERS
    )


def guess_fields(columns: Iterable[str], target: Target) -> dict[str, str]:
    """Return the field of each column, "" where nothing tells; every field is used once."""
    known = _words_of(target)
    taken: set[str] = set()
    found = {}
    for column in columns:
        plain = normal(column)
        field = next((name for name, words in known.items() if plain in words and name not in taken), "")
        taken.add(field)
        found[column] = field
    return found


def guess_id(table: Table) -> str:
    """Return the column that most likely names a row for ever."""
    plain = {normal(column): column for column in table.columns}
    for word in IDS:
        if word in plain:
            return plain[word]
    rows = table.first_rows(2000)
    for position, column in enumerate(table.columns):
        cells = [as_text(row.cells[position]) for row in rows]
        if cells and all(cells) and len(set(cells)) == len(cells):
            return column
    return table.columns[0]


def guess_by(target: Target, texts: Iterable[str], *, coming: Collection[Target]) -> str:
    """Guess how cells name records of ``target``: by the ids of another file, else as they are called here.

    Args:
        coming: Targets of the files that are imported together.
    """
    wanted = [text for text in texts if text]
    if target in coming or not wanted:
        return "external_id"
    rows = MODELS[target]._default_manager.all()
    for name in ("username", "email", "name"):
        known = name in {item.name for item in MODELS[target]._meta.fields}
        if known and rows.filter(**{f"{name}__in": wanted}).count() >= len(set(wanted)):
            return name
    return "external_id"


def samples(rows: Iterable[Row], position: int) -> list[str]:
    """Return the first different values of a column."""
    seen: dict[str, Any] = {}
    for row in rows:
        text = as_text(row.cells[position]).strip()
        if text:
            seen.setdefault(text[:LONGEST_SAMPLE], None)
        if len(seen) == SAMPLES:
            break
    return list(seen)


@lru_cache(maxsize=8)
def _words_of(target: Target) -> dict[str, frozenset[str]]:
    found = {}
    for name, spec in fields_of(target).items():
        words = {normal(name), *(normal(word) for word in SYNONYMS.get(name, ()))}
        for language in LANGUAGES:
            with translation.override(language):
                words.add(normal(spec.title))
        found[name] = frozenset(words)
    return found
