"""The two ways to the questions, a personal link and an open one, made alike for the pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from manyi.distribution.models import Invitation, OpenLink
from manyi.responses import actions, intake
from manyi.responses.models import Response
from manyi.responses.queries import draft_of_open_link, open_link, personal_link
from manyi.surveys.definition import Questionnaire
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of


@dataclass(slots=True)
class Door:
    """One respondent's way in: the round, the answers so far (None before the start), the link behind it."""

    round: Round
    response: Response | None
    invitation: Invitation | None = None
    link: OpenLink | None = None
    way: str = "open"  # which of the addresses of an open link: open, or embed in a website's frame

    @property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire of the round."""
        return questionnaire_of(self.round.questionnaire)

    def require_usable(self) -> None:
        """Raise why this door is shut; a draft by an open link outlives the link."""
        intake.require_usable(self.invitation, None if self.response else self.link)
        intake.require_open(self.round)

    def begin(self, language: str, device: str = "") -> Response:
        """The draft, begun now or resumed."""
        self.response = actions.begin(
            invitation=self.invitation, open_link=self.link, language=language, device=device
        )
        return self.response

    def welcome_url(self) -> str:
        """The first page."""
        if self.invitation is not None:
            return reverse("public:personal", args=[self.invitation.token])
        return reverse(f"public:{self.way}", args=[self.link.token if self.link else ""])

    def section_url(self, section: str) -> str:
        """The page of one section."""
        if self.invitation is not None:
            return reverse("public:personal_section", args=[self.invitation.token, section])
        token, key = self.link.token if self.link else "", self.response.key if self.response else ""
        return reverse(f"public:{self.way}_section", args=[token, key, section])


def personal(token: str) -> Door:
    """The door of a personal link; raises UnknownLink."""
    invitation, response = personal_link(token)
    return Door(invitation.round, response, invitation=invitation)


def open_door(token: str) -> Door:
    """The door of an open link; raises UnknownLink."""
    link = open_link(token)
    return Door(link.round, None, link=link)


def open_draft(token: str, key: str) -> Door:
    """The door of answers that began by an open link; raises UnknownLink."""
    response = draft_of_open_link(token, key)
    return Door(response.round, response, link=response.open_link)
