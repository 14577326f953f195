"""What the columns of a customer file mean, and one row made into a checked customer. No database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from manyi.customers import rules
from manyi.customers.models import CONTACT_KINDS
from manyi.kernel.labels import Label
from manyi.organisation.tables import Row, RowProblem, parse_moment

#: Notes what is wrong with a field of the row at hand.
Wrong = Callable[[str, Label], None]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a column can hold, and the headings by which people call it."""

    id: str
    label: Label
    headings: tuple[str, ...]


FIELDS = (
    Field(
        "code", Label("客户编号", "Customer number"), ("客户编号", "编号", "会员号", "code", "id", "customer")
    ),
    Field("name", Label("姓名", "Name"), ("姓名", "客户姓名", "名称", "联系人", "name")),
    Field("organisation_name", Label("单位名称", "Company"), ("单位", "公司", "公司名称", "company")),
    Field("phone", Label("手机", "Phone"), ("手机", "手机号", "电话", "联系电话", "phone", "mobile")),
    Field("email", Label("邮箱", "E-mail"), ("邮箱", "电子邮箱", "邮件", "email", "e-mail", "mail")),
    Field("wechat", Label("微信", "WeChat"), ("微信", "微信号", "wechat")),
    Field("wecom", CONTACT_KINDS["wecom"], ("企业微信", "企业微信账号", "wecom")),
    Field("dingtalk", CONTACT_KINDS["dingtalk"], ("钉钉", "钉钉账号", "dingtalk")),
    Field("feishu", CONTACT_KINDS["feishu"], ("飞书", "飞书账号", "feishu")),
    Field(
        "segments", Label("客户类别", "Segments"), ("类别", "客户类别", "分类", "标签", "segment", "segments")
    ),
    Field("unit", Label("门店编号", "Unit code"), ("门店", "门店编号", "部门", "unit", "dealership")),
    Field("consent", Label("同意回访", "Agreed to be asked"), ("同意回访", "授权", "同意", "consent")),
    Field("kind", Label("业务类型(购买/服务)", "Purchase or service"), ("业务类型", "类型", "kind")),
    Field("date", Label("业务日期", "Date"), ("日期", "业务日期", "服务日期", "购买日期", "date")),
    Field("product", Label("产品/车型", "Product"), ("产品", "车型", "型号", "product", "model")),
    Field("note", Label("备注", "Note"), ("备注", "note", "remarks")),
)
FIELD_LABELS = {field.id: field.label for field in FIELDS}
KINDS = {"购买": "purchase", "销售": "purchase", "purchase": "purchase", "sale": "purchase"} | {
    "服务": "service",
    "售后": "service",
    "维修": "service",
    "保养": "service",
    "service": "service",
}
YES = {"是", "同意", "yes", "y", "1", "true"}
NO = {"否", "不同意", "拒绝", "no", "n", "0", "false"}


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One good row."""

    number: int
    code: str
    unit_code: str
    name: str
    organisation_name: str
    note: str
    contacts: dict[str, tuple[str, str]]  # kind -> (value, normalised)
    segments: tuple[str, ...]
    consent: bool | None
    transaction: tuple[str, dt.date, str] | None  # kind, date, product code


def guess(columns: list[str]) -> dict[str, str]:
    """Field id to the column that most likely holds it, by heading."""
    found: dict[str, str] = {}
    for field in FIELDS:
        for column in columns:
            if column.strip().lower() in field.headings and column not in found.values():
                found[field.id] = column
                break
    return found


def check_mapping(mapping: Mapping[str, str], columns: list[str]) -> list[Label]:
    """What is wrong with a mapping: unknown fields or columns, or nothing to tell customers apart by."""
    problems = [
        Label(f"没有“{key}”这一项。", f"There is no field “{key}”.")
        for key in mapping
        if key not in FIELD_LABELS
    ]
    problems += [
        Label(f"文件里没有“{column}”这一列。", f"The file has no column “{column}”.")
        for column in mapping.values()
        if column and column not in columns
    ]
    if not any(mapping.get(key) for key in ("code", "phone", "email")):
        problems.append(
            Label("请至少指定编号、手机、邮箱中的一列。", "Map at least one of number, phone or e-mail.")
        )
    return problems


def parse(row: Row, mapping: Mapping[str, str]) -> CustomerRow | list[RowProblem]:
    """The checked customer of a row, or everything that is wrong with it."""
    cells = {key: row.values.get(column, "") for key, column in mapping.items() if column}
    problems: list[RowProblem] = []

    def wrong(key: str, message: Label) -> None:
        problems.append(RowProblem(row.number, mapping.get(key, key), message))

    contacts: dict[str, tuple[str, str]] = {}
    for kind in sorted(CONTACT_KINDS, key="phone".__ne__):
        if cells.get(kind):
            try:
                contacts[kind] = (cells[kind], rules.normalise(kind, cells[kind]))
            except rules.BadContact as bad:
                wrong(kind, bad.message)
    code = cells.get("code") or next((normalised for _, normalised in contacts.values()), "")
    if not code and not problems:
        wrong(
            "code", Label("缺少客户编号,也没有可用的联系方式。", "No number and no contact to tell them by.")
        )
    consent = _consent(cells.get("consent", ""), wrong)
    transaction = _transaction(cells, wrong)
    if problems:
        return problems
    return CustomerRow(
        number=row.number,
        code=code,
        unit_code=cells.get("unit", ""),
        name=cells.get("name", ""),
        organisation_name=cells.get("organisation_name", ""),
        note=cells.get("note", ""),
        contacts=contacts,
        segments=tuple(part for part in re.split(r"[;；、,，/|]\s*", cells.get("segments", "")) if part),
        consent=consent,
        transaction=transaction,
    )


def _consent(text: str, wrong: Wrong) -> bool | None:
    word = text.strip().lower()
    if not word:
        return None
    if word not in YES | NO:
        wrong("consent", Label(f"“{text}”请改为“是”或“否”。", f"Write yes or no instead of “{text}”."))
    return word in YES


def _transaction(cells: Mapping[str, str], wrong: Wrong) -> tuple[str, dt.date, str] | None:
    if not cells.get("date"):
        return None
    moment = parse_moment(cells["date"])
    kind = KINDS.get(cells.get("kind", "服务").strip().lower() or "服务")
    if moment is None:
        wrong("date", Label(f"日期“{cells['date']}”请写成 2026-03-15。", "Write dates like 2026-03-15."))
    if kind is None:
        wrong("kind", Label("业务类型请填“购买”或“服务”。", "The kind is purchase or service."))
    if moment is None or kind is None:
        return None
    return kind, moment.date(), cells.get("product", "")
