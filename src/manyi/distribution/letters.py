"""The words of invitations and reminders: the programme's own, or ours, filled for one person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from manyi.kernel.labels import Label

#: Kind and form of a text. A ``letter`` has a subject and room; a ``short`` one is billed by its length.
Place = tuple[str, str]
KINDS = {"invitation": Label("邀请", "Invitation"), "reminder": Label("提醒", "Reminder")}
FORMS = {"letter": Label("邮件", "Letter"), "short": Label("短信和即时消息", "Short message")}
FIELDS = {
    "name": Label("客户姓名", "Name of the customer"),
    "link": Label("个人链接", "Personal link"),
    "organisation": Label("单位名称", "Name of the organisation"),
    "title": Label("本轮标题", "Title of the round"),
    "deadline": Label("截止日期", "Last day"),
    "promise": Label("隐私承诺", "Privacy promise"),
    "stop": Label("退订链接", "Link to opt out"),
}
BODIES: dict[Place, Label] = {
    ("invitation", "letter"): Label(
        "尊敬的{name}:您好!\n\n"
        "{organisation}诚邀您参加“{title}”,大约需要两分钟。\n\n"
        "点击链接开始作答,中途可以离开,再次打开链接即可继续:\n{link}\n\n"
        "{promise}\n\n"
        "不想再收到此类邀请,请点击:\n{stop}\n\n{organisation}",
        "Dear {name},\n\n"
        "{organisation} would like to hear from you: “{title}”, about two minutes.\n\n"
        "Please follow this link. You can leave at any time and go on later with the same link:\n{link}\n\n"
        "{promise}\n\n"
        "If you do not wish to be asked again:\n{stop}\n\n{organisation}",
    ),
    ("reminder", "letter"): Label(
        "尊敬的{name}:您好!\n\n"
        "前些天我们邀请您参加“{title}”,您的意见对我们很重要,期待您的回复。\n\n"
        "继续作答:\n{link}\n\n"
        "{promise}\n\n"
        "如果您已经作答,请忽略本邮件。不想再收到,请点击:\n{stop}\n\n{organisation}",
        "Dear {name},\n\n"
        "Some days ago we asked you to take part in “{title}”. Your view matters to us.\n\n"
        "Please follow this link:\n{link}\n\n"
        "{promise}\n\n"
        "If you have already answered, please ignore this message. To opt out:\n{stop}\n\n{organisation}",
    ),
    ("invitation", "short"): Label(
        "{name}您好,{organisation}请您评价“{title}”:{link} ({deadline}前有效)",
        "Dear {name}, {organisation} asks for your view on “{title}”: {link} (until {deadline})",
    ),
    ("reminder", "short"): Label(
        "{name}您好,期待您对“{title}”的评价:{link} ({deadline}前有效)",
        "Dear {name}, we look forward to your view on “{title}”: {link} (until {deadline})",
    ),
}
SUBJECTS = {
    "invitation": Label(
        "{organisation}邀请您评价服务:{title}", "{organisation}: please tell us about {title}"
    ),
    "reminder": Label("提醒:{title},期待您的意见", "A reminder: {title}"),
}
WAY_OUT = Label("\n\n不想再收到,请点击:\n{stop}", "\n\nTo opt out:\n{stop}")
CUSTOMER = Label("客户", "customer")
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
    """A subject and a plain-text body, with or without fields in them."""

    subject: str
    body: str


def ours(kind: str, form: str, language: str) -> Letter:
    """Our own words, for programmes that have none."""
    subject = SUBJECTS[kind].text(language) if form == "letter" else ""
    return Letter(subject, BODIES[kind, form].text(language))


def promise_of(*, promise: str, anonymous: bool, language: str) -> str:
    """The promise about use and privacy: the programme's own words, or ours; always with the anonymity."""
    words = promise or PROMISE.text(language)
    return f"{words}{ANONYMOUS.text(language)}" if anonymous else words


def filled(text: Letter, form: str, language: str, fields: Mapping[str, str]) -> Letter:
    """The text for one person. A letter without the way to opt out gets it at its end."""
    body = text.body
    if form == "letter" and "{stop}" not in body:
        body += WAY_OUT.text(language)
    known = {**fields, "name": fields["name"] or CUSTOMER.text(language)}
    subject = text.subject
    for name, value in known.items():
        body, subject = body.replace(f"{{{name}}}", value), subject.replace(f"{{{name}}}", value)
    return Letter(subject[:200], body)


def problem(text: Letter, form: str) -> tuple[str, Label] | None:
    """What is wrong with somebody's own words, and in which field: no link, no subject, an unknown field."""
    if "{link}" not in text.body:
        return "body", Label(
            "请在正文中保留 {link},客户由此作答。", "Please keep {link}: people answer by it."
        )
    if form == "letter" and not text.subject.strip():
        return "subject", Label("请填写邮件标题。", "Please give a subject.")
    for name, words in (("body", text.body), ("subject", text.subject)):
        unknown = sorted(set(re.findall(r"\{(\w*)\}", words)) - set(FIELDS))
        if unknown:
            listed = "、".join(unknown)
            return name, Label(f"没有字段“{listed}”。", f"There is no field {', '.join(unknown)}.")
    return None
