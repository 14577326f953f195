"""Why answers cannot be taken now, each with what to do. ``status`` is what a web page answers with."""

from __future__ import annotations

from datetime import datetime

from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid, Refused


class NotTaken(Refused):
    """Answers cannot be taken by this link at this time."""

    status = 409
    title = Label("暂时无法作答", "Answers cannot be taken")


class NotYetOpen(NotTaken):
    """The round has not begun."""

    status = 403
    title = Label("调查还没有开始", "This survey has not begun")

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(
            Label("请在开始后再次打开这个链接。", "Please open this link again once it has begun.")
        )
        self.opens_at = opens_at


class RoundClosed(NotTaken):
    """The round is over; what was typed is kept but does not count."""

    status = 410
    title = Label("调查已经结束", "This survey is over")

    def __init__(self) -> None:
        super().__init__(
            Label(
                "感谢您的关注。已填写的内容已保留,但不再计入结果。如有意见,欢迎直接联系我们。",
                "Thank you for coming. What you had filled in is kept but no longer counts. "
                "If there is something you want to tell us, please contact us directly.",
            )
        )


class AlreadyAnswered(NotTaken):
    """The personal link was used, in a round in which nothing leads back to the answers."""

    title = Label("已经提交过了", "Already answered")

    def __init__(self) -> None:
        super().__init__(
            Label(
                "这个链接已经提交过答卷,每个链接只能提交一次。谢谢您的参与!",
                "Answers were already given by this link, and each link counts once. Thank you!",
            )
        )


class LinkInactive(NotTaken):
    """The open link was taken out of use."""

    status = 410
    title = Label("链接已停用", "This link is no longer used")

    def __init__(self) -> None:
        super().__init__(
            Label("请向工作人员索取新的链接或二维码。", "Please ask the staff for the new link.")
        )


class OptedOut(NotTaken):
    """The person does not want to be asked."""

    status = 403
    title = Label("您已退订", "You have opted out")

    def __init__(self) -> None:
        super().__init__(
            Label(
                "我们不会再邀请您。如果改变主意,可以在本页恢复。",
                "You will not be asked again. If you have changed your mind, you can come back here.",
            )
        )


class OverQuota(NotTaken):
    """There are enough answers of this kind already; what was given is kept but does not count."""

    title = Label("感谢您的参与", "Thank you for taking part")

    def __init__(self) -> None:
        super().__init__(
            Label(
                "与您情况相近的答卷已经收满,这次不再需要您继续填写。已填写的内容已保留,但不计入结果。谢谢!",
                "We already have enough answers from people in a situation like yours, so there is nothing "
                "more to fill in. What you gave is kept but not counted. Thank you!",
            )
        )


class Incomplete(Invalid):
    """Answers that must be mended before they can be submitted; what was typed is kept."""


class UnknownToken(Refused):
    """No invitation and no open link of the round is named so."""

    def __init__(self) -> None:
        words = Label("本轮没有这个邀请或公开链接。", "This round has no such invitation or open link.")
        super().__init__(words, field="invitation")
