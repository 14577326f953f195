"""The words of the case register: what a case, an answer or a call can be."""

from __future__ import annotations

from manyi.kernel.labels import Label

Choices = tuple[tuple[str, Label], ...]

KINDS: Choices = (
    ("complaint", Label("投诉", "Complaint")),
    ("suggestion", Label("建议", "Suggestion")),
    ("praise", Label("表扬", "Praise")),
    ("enquiry", Label("咨询", "Enquiry")),
    ("help", Label("求助", "Request for help")),
)
CHANNELS: Choices = (
    ("phone", Label("电话", "Telephone")),
    ("desk", Label("现场", "In person")),
    ("mail", Label("邮件", "E-mail")),
    ("form", Label("网上表单", "Web form")),
    ("box", Label("意见箱", "Suggestion box")),
    ("survey", Label("问卷低分", "Low survey score")),
    ("chat", Label("在线客服", "Chat")),
    ("social", Label("社交媒体", "Social media")),
    ("wecom", Label("企业微信", "WeCom")),
    ("other", Label("其他系统", "Other system")),
    ("import", Label("导入", "Imported")),
)
#: The states after which nothing is to be done any more.
ENDED_STATES = ("closed", "rejected", "duplicate")
#: The ways that a member of staff may choose; the others are filled in by the software.
DESK_CHANNELS: Choices = CHANNELS[:3]
SEVERITIES: Choices = (
    ("low", Label("轻微", "Minor")),
    ("normal", Label("一般", "Normal")),
    ("high", Label("严重", "Serious")),
    ("grave", Label("重大", "Grave")),
)
CONFIDENTIALITIES: Choices = (
    ("named", Label("实名", "Named")),
    ("confidential", Label("保密(仅承办人可见)", "Confidential (handler only)")),
    ("anonymous", Label("匿名", "Anonymous")),
)
FOUNDED: Choices = (
    ("founded", Label("属实", "Founded")),
    ("partly", Label("部分属实", "Partly founded")),
    ("unfounded", Label("不属实", "Unfounded")),
    ("unable", Label("无法查实", "Could not be established")),
)
REMEDIES: Choices = (
    ("explanation", Label("解释说明", "Explanation")),
    ("apology", Label("道歉", "Apology")),
    ("repair", Label("维修或重做", "Repair or redo")),
    ("replacement", Label("更换", "Replacement")),
    ("refund", Label("退款", "Refund")),
    ("compensation", Label("补偿", "Compensation")),
    ("other", Label("其他", "Other")),
)
PAUSE_REASONS: Choices = (
    ("customer", Label("等待顾客", "Waiting for the customer")),
    ("third_party", Label("等待第三方", "Waiting for a third party")),
    ("parts", Label("等待配件", "Waiting for parts")),
)
OUTCOMES: Choices = (
    ("reached", Label("已接通", "Reached")),
    ("no_answer", Label("无人接听", "No answer")),
    ("later", Label("约定改时再打", "Asked to be called later")),
    ("refused", Label("拒绝回访", "Declined to talk")),
    ("wrong_number", Label("号码有误", "Wrong number")),
)
REJECT_REASONS: Choices = (
    ("not_ours", Label("不属于本单位", "Not about this organisation")),
    ("no_facts", Label("没有可查的事实", "No facts that could be checked")),
    ("elsewhere", Label("已由法院或主管部门处理", "Already before a court or an authority")),
    ("abuse", Label("广告或恶意内容", "Advertising or abuse")),
)
URGENCIES: Choices = (
    ("normal", Label("一般", "Normal")),
    ("urgent", Label("紧急", "Urgent")),
)
RISKS: Choices = (
    ("low", Label("低", "Low")),
    ("medium", Label("中", "Medium")),
    ("high", Label("高", "High")),
    ("grave", Label("重大", "Grave")),
)
DEMAND_OUTCOMES: Choices = (
    ("granted", Label("满足", "Granted")),
    ("partly", Label("部分满足", "Partly granted")),
    ("refused", Label("不能满足", "Refused")),
)
EXTERNAL_BODIES: Choices = (
    ("12345", Label("12345 热线", "Hotline 12345")),
    ("12315", Label("12315 平台", "Platform 12315")),
    ("regulator", Label("主管部门", "Regulator")),
    ("association", Label("消费者协会", "Consumers' association")),
    ("court", Label("法院或仲裁", "Court or arbitration")),
    ("media", Label("媒体", "Media")),
    ("other", Label("其他", "Other")),
)
LEVELS: Choices = (
    ("1", Label("部门督办", "Head of department")),
    ("2", Label("公司督办", "Quality director")),
)
ESCALATION_REASONS: Choices = (
    ("overdue", Label("超期", "Overdue")),
    ("grave", Label("情节重大", "Grave matter")),
    ("media", Label("媒体关注", "Media attention")),
    ("repeated", Label("多次反映", "Raised again and again")),
    ("other", Label("其他", "Other")),
)
CLOCKS: Choices = (
    ("acknowledge", Label("受理", "Accept")),
    ("respond", Label("首次联系", "First contact")),
    ("propose", Label("提出方案", "Solution")),
    ("resolve", Label("答复", "Answer")),
    ("call_back", Label("回访", "Call back")),
    ("review", Label("复核", "Review")),
    ("external", Label("外部机构时限", "Outside body")),
)
AMOUNT_UNITS: Choices = (
    ("working_days", Label("个工作日", "working days")),
    ("calendar_days", Label("个自然日", "calendar days")),
    ("minutes", Label("工作分钟", "working minutes")),
)


def label_of(choices: Choices, value: str) -> Label:
    """The words of a stored value; the value itself when it is not in the list."""
    return dict(choices).get(value, Label(value, value))
