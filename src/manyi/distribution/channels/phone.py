"""An interview by telephone, made by people at the desk."""

from __future__ import annotations

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt, setting
from manyi.kernel.labels import Label

_HOUR = {"low": 0, "high": 24}
WHEN = setting(
    "phone",
    "when",
    Label("何时可以拨打", "When people may be called"),
    Label("其余时间不发出拨打任务。", "At other times nobody is handed out."),
    "choice",
    default="workdays",
    choices=(
        ("calendar", Label("部门工作日历的上班时间", "In the unit's working hours")),
        ("workdays", Label("工作日的固定时段", "On working days between two hours")),
        ("daily", Label("每天的固定时段", "Every day between two hours")),
    ),
)
FROM = setting(
    "phone",
    "from_hour",
    Label("最早(时)", "From (hour)"),
    Label("固定时段的开始。", "The first hour."),
    "number",
    default=9,
    **_HOUR,
)
UNTIL = setting(
    "phone",
    "until_hour",
    Label("最晚(时)", "Until (hour)"),
    Label("固定时段的结束。", "The last hour."),
    "number",
    default=20,
    **_HOUR,
)
MOST_TRIES = setting(
    "phone",
    "most_tries",
    Label("最多拨打次数", "Most tries"),
    Label("每位客户最多拨打几次。", "How often one person is called at most."),
    "number",
    default=5,
    low=1,
    high=20,
)
MOST_UNANSWERED = setting(
    "phone",
    "most_unanswered",
    Label("连续无人接听几次后放弃", "Given up after so many unanswered calls in a row"),
    Label("占线和语音信箱也算。", "Busy lines and voicemail count too."),
    "number",
    default=4,
    low=1,
    high=20,
)
PAUSE_HOURS = setting(
    "phone",
    "pause_hours",
    Label("两次拨打至少间隔(小时)", "Hours between two tries"),
    Label("之后优先换一个时段再打。", "The next try prefers another part of the day."),
    "number",
    default=4,
    low=1,
    high=240,
)
BUSY_MINUTES = setting(
    "phone",
    "busy_minutes",
    Label("占线后间隔(分钟)", "Minutes after a busy line"),
    Label("占线时较快重拨。", "A busy line is tried again sooner."),
    "number",
    default=20,
    low=5,
    high=240,
)
CLAIM_MINUTES = setting(
    "phone",
    "claim_minutes",
    Label("任务保留时间(分钟)", "Minutes for which a person is kept for an interviewer"),
    Label("期间没有操作,任务交还给其他人。", "Without any act they go back to the list."),
    "number",
    default=30,
    low=5,
    high=240,
)


@CHANNELS.register
class Telephone(Channel):
    """An interviewer calls and fills in the answers; the desk says whom to call next."""

    id = "phone"
    label = Label("电话访问", "Telephone interview")
    contact = "phone"
    reach = "hand"
    invites = True

    def send(self, message: Outgoing) -> Receipt:
        """Always refused: people call, the software does not."""
        raise ChannelError("people are called by an interviewer, not sent anything", permanent=True)
