"""Who may do what: roles and the access verbs that each one holds. A table, read by ``access.py``."""

from __future__ import annotations

from enum import Enum

from manyi.kernel.labels import Label

READ = frozenset(
    {
        "customers.view",
        "surveys.view",
        "responses.view",
        "insight.view",
        "reports.view",
        "cases.view",
        "findings.view",
    }
)

#: Every verb with its meaning; a verb that is not here does not exist.
VERBS: dict[str, Label] = {
    "units.manage": Label("维护组织架构", "Maintain the units"),
    "staff.manage": Label("维护员工和权限", "Maintain staff and roles"),
    "settings.manage": Label("修改系统设置和日历", "Change settings and calendars"),
    "events.view": Label("查看操作日志", "Read the event log"),
    "customers.view": Label("查看客户档案", "Read customer files"),
    "customers.edit": Label("维护和导入客户档案", "Edit and import customer files"),
    "customers.erase": Label("删除或导出个人信息", "Erase or export one person's data"),
    "surveys.view": Label("查看调查", "Read surveys"),
    "surveys.edit": Label("编辑问卷、方案和轮次", "Edit questionnaires, schemes and rounds"),
    "surveys.publish": Label("发布问卷和方案", "Publish questionnaires and schemes"),
    "surveys.field": Label("抽样、邀请、开放和结束轮次", "Draw, invite, open and close rounds"),
    "surveys.call": Label("电话和面对面访问", "Interview by telephone and face to face"),
    "responses.view": Label("查看答卷", "Read answers"),
    "responses.import": Label("导入答卷", "Import answers"),
    "responses.judge": Label("判定答卷有效性", "Judge the validity of answers"),
    "insight.view": Label("查看分析", "Read analyses"),
    "reports.view": Label("查看报告", "Read reports"),
    "reports.write": Label("编写和提交报告", "Write and submit reports"),
    "reports.approve": Label("审批报告", "Approve reports"),
    "reports.publish": Label("发布报告", "Publish reports"),
    "cases.view": Label("查看诉求", "Read cases"),
    "cases.register": Label("登记诉求", "Register cases"),
    "cases.dispatch": Label("受理和派单", "Accept and assign cases"),
    "cases.handle": Label("办理诉求", "Handle cases"),
    "cases.approve": Label("审批处理方案", "Approve solutions"),
    "cases.approve_large": Label("审批大额或重大方案", "Approve large or grave solutions"),
    "cases.callback": Label("回访", "Call customers back"),
    "cases.sample": Label("组织督查抽查", "Draw supervision samples"),
    "cases.assess": Label("评查抽中的诉求", "Assess sampled cases"),
    "findings.view": Label("查看改进项", "Read findings"),
    "findings.manage": Label("确认改进项、分析原因、制定措施", "Confirm findings, find causes, plan actions"),
    "findings.approve": Label("批准整改措施", "Approve corrective actions"),
    "findings.implement": Label("实施整改措施", "Carry out corrective actions"),
    "findings.verify": Label("验证整改效果并关闭", "Verify the effect and close"),
}


class Role(Enum):
    """The eight roles of the regulations; a person holds a role over a subtree."""

    SYSTEM_ADMINISTRATOR = "system_administrator"
    QUALITY_DIRECTOR = "quality_director"
    SURVEY_MANAGER = "survey_manager"
    CASE_HANDLER = "case_handler"
    CALL_BACK_AGENT = "call_back_agent"
    DEPARTMENT_HEAD = "department_head"
    AUDITOR = "auditor"
    EMPLOYEE = "employee"

    @property
    def label(self) -> Label:
        """The role's name as staff say it."""
        return LABELS[self]

    @property
    def verbs(self) -> frozenset[str]:
        """What this role may do inside its subtree."""
        return ROLE_VERBS[self]


LABELS: dict[Role, Label] = {
    Role.SYSTEM_ADMINISTRATOR: Label("系统管理员", "System administrator"),
    Role.QUALITY_DIRECTOR: Label("质量总监", "Quality director"),
    Role.SURVEY_MANAGER: Label("调查经理", "Survey manager"),
    Role.CASE_HANDLER: Label("诉求专员", "Case handler"),
    Role.CALL_BACK_AGENT: Label("回访专员", "Call-back agent"),
    Role.DEPARTMENT_HEAD: Label("部门负责人", "Department head"),
    Role.AUDITOR: Label("审核员", "Auditor"),
    Role.EMPLOYEE: Label("员工", "Employee"),
}

ROLE_VERBS: dict[Role, frozenset[str]] = {
    Role.SYSTEM_ADMINISTRATOR: frozenset({"units.manage", "staff.manage", "settings.manage", "events.view"}),
    Role.QUALITY_DIRECTOR: READ
    | {
        "events.view",
        "surveys.edit",
        "surveys.publish",
        "responses.judge",
        "reports.approve",
        "reports.publish",
        "cases.register",
        "cases.dispatch",
        "cases.approve",
        "cases.approve_large",
        "cases.sample",
        "cases.assess",
        "findings.manage",
        "findings.approve",
        "findings.verify",
        "customers.erase",
    },
    Role.SURVEY_MANAGER: READ
    | {
        "customers.edit",
        "customers.erase",
        "surveys.edit",
        "surveys.publish",
        "surveys.field",
        "surveys.call",
        "responses.import",
        "responses.judge",
        "reports.write",
        "cases.register",
        "cases.assess",
        "findings.manage",
    },
    Role.CASE_HANDLER: frozenset(
        {"customers.view", "cases.view", "cases.register", "cases.dispatch", "cases.handle", "findings.view"}
    ),
    Role.CALL_BACK_AGENT: frozenset(
        {"customers.view", "cases.view", "cases.register", "cases.callback", "surveys.call"}
    ),
    Role.DEPARTMENT_HEAD: (READ - {"customers.view"})
    | {
        "cases.register",
        "cases.dispatch",
        "cases.handle",
        "cases.approve",
        "cases.sample",
        "cases.assess",
        "findings.manage",
        "findings.implement",
        "reports.approve",
        "reports.publish",
    },
    Role.AUDITOR: READ | {"events.view", "cases.assess"},
    Role.EMPLOYEE: frozenset({"cases.register"}),
}
