"""What a round says to the people it asks: its texts read once, then filled for each person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from manyi.distribution import letters, links
from manyi.distribution.letters import Letter
from manyi.distribution.models import MessageText
from manyi.organisation.settings import values
from manyi.surveys.models import Programme, Round


@dataclass(frozen=True, slots=True)
class Worded:
    """The text for one person, its language, and its parts for providers that fill templates."""

    text: Letter
    fields: dict[str, str]


class Wording:
    """The texts of one round in all forms and both languages."""

    def __init__(self, round: Round) -> None:
        self._round, self._own = round, own_texts(round.programme)
        given = values(("organisation.name", "organisation.time_zone"))
        self._organisation = given["organisation.name"]
        last = round.closes_at.astimezone(ZoneInfo(given["organisation.time_zone"])) - timedelta(seconds=1)
        self._deadline = last.strftime("%Y-%m-%d")

    def words(self, kind: str, form: str, *, language: str, name: str, token: str, link: str = "") -> Worded:
        """The invitation or reminder in a form and language for the person behind a token.

        ``link`` stands instead of the personal link, for samples.
        """
        english = language.startswith("en")
        round, programme = self._round, self._round.programme
        promise = programme.privacy_promise_en if english else programme.privacy_promise
        fields = {
            "name": name,
            "organisation": self._organisation,
            "title": (round.title_en or round.title) if english else round.title,
            "deadline": self._deadline,
            "promise": letters.promise_of(promise=promise, anonymous=round.anonymous, language=language),
            "link": link or links.personal(token),
            "stop": links.stop(token),
        }
        code = "en" if english else "zh-hans"
        text = self._own.get((kind, form, code)) or letters.ours(kind, form, code)
        return Worded(letters.filled(text, form, code, fields), {**fields, "token": token})


def own_texts(programme: Programme) -> dict[tuple[str, str, str], Letter]:
    """The programme's own texts by kind, form and language."""
    rows = MessageText.objects.filter(programme=programme)
    return {(row.kind, row.form, row.language): Letter(row.subject, row.body) for row in rows}
