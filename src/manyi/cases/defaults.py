"""What an organisation begins with: a tree of categories and one policy of deadlines. Both can be edited."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """One category with those below it."""

    code: str
    zh: str
    en: str
    below: tuple[Node, ...] = ()


CATEGORIES = (
    Node(
        "sales", "销售", "Sales",
        (
            Node("sales.consultant", "销售顾问服务", "Sales consultant"),
            Node("sales.price", "价格与收费", "Price and fees"),
            Node("sales.contract", "合同与承诺", "Contract and promises"),
            Node("sales.delivery", "交车", "Handover of the car"),
            Node("sales.finance", "金融与保险", "Finance and insurance"),
        ),
    ),
    Node(
        "service", "售后服务", "After-sales service",
        (
            Node("service.booking", "预约与接待", "Booking and reception"),
            Node("service.waiting", "等待时间", "Waiting time"),
            Node("service.quality", "维修质量", "Quality of repair"),
            Node("service.price", "维修收费", "Price of repair"),
            Node("service.handback", "交车与清洁", "Handback and cleaning"),
        ),
    ),
    Node(
        "parts", "配件", "Parts",
        (
            Node("parts.stock", "缺货与到货", "Stock and delivery"),
            Node("parts.quality", "配件质量", "Quality of parts"),
        ),
    ),
    Node(
        "product", "产品质量", "Product quality",
        (
            Node("product.safety", "安全", "Safety"),
            Node("product.fault", "故障", "Fault"),
            Node("product.equipment", "配置与宣传不符", "Equipment not as advertised"),
        ),
    ),
    Node(
        "general", "通用", "General",
        (
            Node("general.attitude", "员工态度", "Attitude of staff"),
            Node("general.environment", "环境与设施", "Premises"),
            Node("general.information", "信息与隐私", "Information and privacy"),
            Node("general.handling", "对投诉处理不满", "Handling of an earlier complaint"),
            Node("general.other", "其他", "Other"),
        ),
    ),
)  # fmt: skip

POLICY_CODE = "standard"
POLICY_NAME = "标准时限"
TARGETS = {
    "acknowledge": {"amount": 1, "unit": "working_days"},
    "respond": {"amount": 1, "unit": "working_days"},
    "resolve": {"amount": 10, "unit": "working_days"},
    "call_back": {"amount": 1, "unit": "working_days"},
    "review": {"amount": 10, "unit": "working_days"},
}
