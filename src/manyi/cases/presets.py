"""Deadlines that laws and trades set, ready to be taken over; each target in the unit of its source.

Read from public texts (see each source). A law can have changed: whoever takes one over checks the text in
force, and the form says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.kernel.labels import Label

Targets = dict[str, dict[str, Any]]
_DAY, _CALENDAR = "working_days", "calendar_days"


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of deadlines: its name, its targets, and where they stand."""

    id: str
    label: Label
    targets: Targets
    source: str


def _usual(resolve: tuple[int, str], review: tuple[int, str]) -> Targets:
    """Answer and review as given; everything else within a working day."""
    within = (1, _DAY)
    return _targets(acknowledge=within, respond=within, resolve=resolve, call_back=within, review=review)


def _targets(**named: tuple[int, str]) -> Targets:
    return {name: {"amount": amount, "unit": unit} for name, (amount, unit) in named.items()}


PRESETS = (
    Preset(
        "corporate", Label("企业通行做法:10 个工作日", "Common in companies: 10 working days"),
        _usual((10, _DAY), (10, _DAY)),
        "企业满意度管理制度的常见规定",
    ),
    Preset(
        "hospital", Label("医院:5 个工作日", "Hospital: 5 working days"),
        _usual((5, _DAY), (10, _DAY)),
        "医疗机构投诉管理办法(2019-04-10)",
    ),
    Preset(
        "hospital_joint", Label("医院(多部门):10 个工作日", "Hospital, several departments: 10 working days"),
        _usual((10, _DAY), (10, _DAY)),
        "医疗机构投诉管理办法(2019-04-10)",
    ),
    Preset(
        "bank_simple", Label("银行保险(简单):15 日", "Bank or insurer, simple: 15 days"),
        _usual((15, _CALENDAR), (30, _CALENDAR)),
        "银行业保险业消费投诉处理管理办法(2020)",
    ),
    Preset(
        "bank_complex", Label("银行保险(复杂):30 日", "Bank or insurer, complex: 30 days"),
        _usual((30, _CALENDAR), (30, _CALENDAR)),
        "银行业保险业消费投诉处理管理办法(2020)",
    ),
    Preset(
        "hotline_enquiry", Label("12345 咨询:2 个工作日", "Hotline 12345, enquiry: 2 working days"),
        _targets(acknowledge=(1, _DAY), resolve=(2, _DAY)),
        "12345 热线办理规定(遵义)",
    ),
    Preset(
        "hotline_help", Label("12345 求助、建议:5 个工作日", "Hotline 12345, help: 5 working days"),
        _targets(acknowledge=(1, _DAY), resolve=(5, _DAY), call_back=(1, _DAY)),
        "12345 热线办理规定(遵义)",
    ),
    Preset(
        "hotline_complaint", Label("12345 投诉:10 个工作日", "Hotline 12345, complaint: 10 working days"),
        _targets(acknowledge=(1, _DAY), resolve=(10, _DAY), call_back=(1, _DAY), review=(10, _DAY)),
        "12345 热线办理规定(遵义)",
    ),
    Preset(
        "fca", Label("英国 FCA:8 周", "UK FCA: 8 weeks"),
        _targets(acknowledge=(1, _DAY), respond=(3, _DAY), resolve=(56, _CALENDAR), review=(56, _CALENDAR)),
        "FCA Handbook DISP 1.5, 1.6",
    ),
    Preset(
        "cfpb", Label("美国 CFPB:60 日", "US CFPB: 60 days"),
        _targets(respond=(15, _CALENDAR), resolve=(60, _CALENDAR)),
        "CFPB complaint process",
    ),
)  # fmt: skip


def preset(preset_id: str) -> Preset | None:
    """The preset with this id."""
    return next((found for found in PRESETS if found.id == preset_id), None)
