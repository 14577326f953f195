"""The start of the settings: one card for each thing that the person may look after, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.roles import VERBS, Role
from manyi.web.guard import StaffRequest, needs


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to look after: where it is, what it is for, and the verbs of which one is needed."""

    page: str
    icon: str
    label: Label
    about: Label
    verbs: frozenset[str]


CARDS = (
    Card(
        "settings:customers",
        "users",
        Label("客户档案", "Customers"),
        Label("查找、导入、合并客户,记录授权和退订。", "Find, import and merge customers; note consent."),
        frozenset({"customers.view"}),
    ),
    Card(
        "settings:lists",
        "list-check",
        Label("客户类别和产品", "Segments and products"),
        Label("调查时用来分组和比较。", "By these surveys group and compare."),
        frozenset({"customers.edit"}),
    ),
    Card(
        "settings:units",
        "building",
        Label("组织架构", "Units"),
        Label("集团、门店和部门。", "The group, its stores and departments."),
        frozenset({"units.manage"}),
    ),
    Card(
        "settings:staff",
        "user",
        Label("员工和权限", "Staff and roles"),
        Label("账号,以及谁在哪些部门担任什么角色。", "Accounts, and who holds which role where."),
        frozenset({"staff.manage"}),
    ),
    Card(
        "settings:roles",
        "lock",
        Label("角色说明", "What roles may do"),
        Label("每个角色能做什么,一张表看清。", "One table of who may do what."),
        frozenset(),
    ),
    Card(
        "settings:calendars",
        "calendar",
        Label("工作日历", "Working calendars"),
        Label("班次、法定节假日和调休,办理时限按此计算。", "Shifts, holidays and working weekends."),
        frozenset({"settings.manage"}),
    ),
    Card(
        "desk:checklists",
        "shield-check",
        Label("督查评查标准", "Checklists of supervision"),
        Label("抽查办结诉求时逐条评查的内容。", "What is looked at when closed cases are assessed."),
        frozenset({"settings.manage"}),
    ),
    Card(
        "desk:case_settings",
        "clock",
        Label("诉求分类和时限", "Case categories and deadlines"),
        Label(
            "诉求怎样分类,各环节几个工作日内办完。", "How cases are sorted, and how fast they are handled."
        ),
        frozenset({"settings.manage"}),
    ),
    Card(
        "desk:templates",
        "message-circle",
        Label("答复模板", "Ready answers"),
        Label("常用的答复,带字段,按类别和分类选用。", "Words used again and again, with fields."),
        frozenset({"settings.manage"}),
    ),
    Card(
        "desk:mail_boxes",
        "inbox",
        Label("收信信箱", "Mail boxes"),
        Label("读取哪些信箱,来信自动登记为诉求。", "Which boxes are read; their mail becomes cases."),
        frozenset({"settings.manage"}),
    ),
    Card(
        "desk:post_sources",
        "message-circle",
        Label("接入来源", "Chat and posts"),
        Label(
            "在线客服、社交媒体、企业微信推送的内容,自动登记为诉求。",
            "Chat tools, social media and WeCom; what they hand in becomes cases.",
        ),
        frozenset({"settings.manage"}),
    ),
    Card(
        "settings:channels",
        "send",
        Label("发送渠道", "Channels"),
        Label(
            "邮件、短信、企业微信、钉钉、飞书,以及发送时间。",
            "Mail, SMS, WeCom, DingTalk, Feishu; sending hours.",
        ),
        frozenset({"settings.manage"}),
    ),
    Card(
        "settings:values",
        "settings",
        Label("系统设置", "Organisation"),
        Label("单位名称、时区、主题色和隐私下限。", "Name, time zone, colour, privacy minimum."),
        frozenset({"settings.manage"}),
    ),
    Card(
        "settings:events",
        "history",
        Label("操作日志", "Event log"),
        Label("谁在什么时候做了什么;可核对是否被改动。", "Who did what and when; provably unchanged."),
        frozenset({"events.view"}),
    ),
    Card(
        "settings:jobs",
        "refresh",
        Label("后台任务", "Background work"),
        Label("正在进行和失败的任务。", "What is running, and what has failed."),
        frozenset({"settings.manage"}),
    ),
)


@require_GET
@needs()
def home(request: StaffRequest) -> HttpResponse:
    """The cards that this person can use."""
    held = access.verbs(request.user, None)
    cards = [card for card in CARDS if not card.verbs or card.verbs & held]
    return render(request, "settings/home.html", {"cards": cards})


@require_GET
@needs()
def roles(request: StaffRequest) -> HttpResponse:
    """Who may do what: verbs down, roles across."""
    table = [(words, [verb in role.verbs for role in Role]) for verb, words in VERBS.items()]
    return render(request, "settings/roles.html", {"roles": list(Role), "table": table})
