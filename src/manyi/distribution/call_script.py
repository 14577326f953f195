"""What an interviewer says first: the programme's own words or ours, filled for one person."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from manyi.distribution import letters
from manyi.distribution.models import Call, MessageText
from manyi.distribution.text_actions import LANGUAGES
from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.settings import value
from manyi.surveys.models import Programme

SCRIPT_SAVED = events.kind("programme.script_saved", "修改电话开场白", "Script of calls changed")
#: Where the words lie among the programme's texts.
KIND, FORM = "call", "script"
FIELDS = {
    "name": Label("客户姓名", "Name of the customer"),
    "organisation": Label("单位名称", "Name of the organisation"),
    "interviewer": Label("访问员姓名", "Name of the interviewer"),
    "title": Label("本轮标题", "Title of the round"),
    "promise": Label("隐私承诺", "Privacy promise"),
}
MOST = 2000
OURS = Label(
    "{name}您好,我是{organisation}的{interviewer}。我们正在做“{title}”,想占用您两三分钟,听听您的意见。\n"
    "{promise}\n现在方便吗?如果不方便,我们可以约一个您合适的时间。",
    "Good day, {name}. My name is {interviewer}, calling from {organisation}. We are asking our customers "
    "about “{title}”; it takes two or three minutes.\n{promise}\n"
    "Is this a good moment? If not, when may I call again?",
)


def script_of(programme: Programme, language: str) -> str:
    """The words of a programme in a language, with their fields."""
    code = "en" if language.startswith("en") else "zh-hans"
    own = MessageText.objects.filter(programme=programme, kind=KIND, form=FORM, language=code).first()
    return own.body if own else OURS.text(code)


def spoken(call: Call, language: str) -> str:
    """What the interviewer says to the person of a call."""
    round, customer = call.task.invitation.round, call.task.invitation.customer
    programme, english = round.programme, language.startswith("en")
    promise = programme.privacy_promise_en if english else programme.privacy_promise
    known = {
        "name": (customer.name if customer else "") or letters.CUSTOMER.text(language),
        "organisation": value("organisation.name"),
        "interviewer": call.interviewer.display_name,
        "title": (round.title_en or round.title) if english else round.title,
        "promise": letters.promise_of(promise=promise, anonymous=round.anonymous, language=language),
    }
    words = script_of(programme, language)
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], found[0]), words)


def save_script(*, actor: Person, programme: Programme, language: str, body: str) -> None:
    """Save a programme's words in one language; empty ones bring ours back. Raises Refused at the field."""
    access.require(actor, "surveys.edit", programme)
    if language not in LANGUAGES:
        raise Refused(Label("请选择语言。", "Please choose a language."), field="language")
    words = body.replace("\r\n", "\n").strip()
    if len(words) > MOST:
        raise Refused(Label(f"最多 {MOST} 个字。", f"At most {MOST} characters."), field="body")
    unknown = sorted(set(re.findall(r"\{(\w*)\}", words)) - FIELDS.keys())
    if unknown:
        listed = "、".join(unknown)
        raise Refused(
            Label(f"没有字段“{listed}”。", f"There is no field {', '.join(unknown)}."), field="body"
        )
    with transaction.atomic():
        place: dict[str, Any] = {"programme": programme, "kind": KIND, "form": FORM, "language": language}
        if words:
            MessageText.objects.update_or_create(**place, defaults={"body": words})
        else:
            MessageText.objects.filter(**place).delete()
        events.append(
            SCRIPT_SAVED, actor=actor, subject=programme, unit=programme.unit, data={"language": language}
        )
