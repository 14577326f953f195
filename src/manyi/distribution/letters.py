"""The words of invitations and reminders, in the customer's language."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.kernel.labels import Label

INVITATION = Label(
    "{greeting}\n\n"
    "{organisation}诚邀您参加“{title}”,大约需要两分钟。\n\n"
    "点击链接开始作答,中途可以离开,再次打开链接即可继续:\n{link}\n\n"
    "{promise}\n\n"
    "不想再收到此类邀请,请点击:\n{stop}\n\n{organisation}",
    "{greeting}\n\n"
    "{organisation} would like to hear from you: “{title}”, about two minutes.\n\n"
    "Please follow this link. You can leave at any time and go on later with the same link:\n{link}\n\n"
    "{promise}\n\n"
    "If you do not wish to be asked again:\n{stop}\n\n{organisation}",
)
REMINDER = Label(
    "{greeting}\n\n"
    "前些天我们邀请您参加“{title}”,您的意见对我们很重要,期待您的回复。\n\n"
    "继续作答:\n{link}\n\n"
    "{promise}\n\n"
    "如果您已经作答,请忽略本邮件。不想再收到,请点击:\n{stop}\n\n{organisation}",
    "{greeting}\n\n"
    "Some days ago we asked you to take part in “{title}”. Your view matters to us.\n\n"
    "Please follow this link:\n{link}\n\n"
    "{promise}\n\n"
    "If you have already answered, please ignore this message. To opt out:\n{stop}\n\n{organisation}",
)
SUBJECTS = {
    "invitation": Label(
        "{organisation}邀请您评价服务:{title}", "{organisation}: please tell us about {title}"
    ),
    "reminder": Label("提醒:{title},期待您的意见", "A reminder: {title}"),
}
PROMISE = Label(
    "您的回答仅用于改进服务,不会用于广告。",
    "Your answers are used to improve our service, never for advertising.",
)
ANONYMOUS = Label(
    "本次调查匿名,提交后无法查到是谁的答卷。",
    "This survey is anonymous: nobody can tell whose answers they are.",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and a plain-text body."""

    subject: str
    body: str


def promise_of(*, promise: str, anonymous: bool, language: str) -> str:
    """The promise about use and privacy: the programme's own words, or ours; always with the anonymity."""
    words = promise or PROMISE.text(language)
    return f"{words}{ANONYMOUS.text(language)}" if anonymous else words


def letter(
    kind: str, *, language: str, name: str, organisation: str, title: str, promise: str, link: str, stop: str
) -> Letter:
    """The ``invitation`` or ``reminder`` to one person."""
    greeting = Label(f"尊敬的{name or '客户'}:您好!", f"Dear {name or 'customer'},").text(language)
    body = (INVITATION if kind == "invitation" else REMINDER).text(language)
    subject = SUBJECTS[kind].text(language).format(organisation=organisation, title=title)
    text = body.format(
        greeting=greeting, organisation=organisation, title=title, promise=promise, link=link, stop=stop
    )
    return Letter(subject, text)
