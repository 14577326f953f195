"""The place of the journey: one running house, its people, and the work that goes on behind the pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from manyi.distribution import actions as distribution
from manyi.organisation import events, jobs
from manyi.organisation.models import Job
from tests.journeys.form_walker import Respondent
from tests.journeys.visitors import DESK, HEIGHTS, PHONE, Gallery, Visitor
from tests.personas import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@dataclass
class Town:
    """What the chapters of the journey share; ``links`` are the personal links of the present round."""

    browser: Browser
    base: str
    gallery: Gallery
    language: str = "zh"
    width: int = DESK
    links: list[str] = field(default_factory=list)
    open_link: str = ""
    _staff: dict[str, Visitor] = field(default_factory=dict)
    _guests: list[Visitor] = field(default_factory=list)

    def staff(self, username: str) -> Visitor:
        """A member of staff at their own browser, logged in."""
        if username not in self._staff:
            size = {"width": self.width, "height": HEIGHTS[self.width]}
            visitor = Visitor(self.browser, self.base, self.gallery, language=self.language, viewport=size)
            self._staff[username] = visitor.log_in(username, PASSWORD)
        return self._staff[username]

    def guest(self, *, script: bool = True) -> Visitor:
        """A customer with a telephone, with or without script."""
        size = {"width": PHONE, "height": 844}
        make = partial(Visitor, self.browser, self.base, self.gallery, language=self.language)
        make = partial(make, viewport=size, is_mobile=True)
        self._guests.append(make(has_touch=True, java_script_enabled=script))
        return self._guests[-1]

    def answer(self, path: str, **wanted: str) -> str:
        """One more customer answers, by a browser without script; returns the receipt."""
        respondent = Respondent(self.base)
        try:
            return respondent.answer_all(path, 12, **wanted)
        finally:
            respondent.client.close()

    def meanwhile(self) -> None:
        """What worker and scheduler do behind the pages: queued work, mail, news between the rooms."""
        for waiting in Job.objects.filter(state="waiting"):
            jobs.run_job.func(waiting.pk)
        while events.dispatch_pending():
            pass
        while distribution.deliver_queued():
            pass

    def faults(self) -> list[str]:
        """Everything that was wrong with any page that anybody opened."""
        heard = [fault for each in (*self._staff.values(), *self._guests) for fault in each.faults]
        return [*self.gallery.faults, *heard]

    def close(self) -> None:
        """Everybody goes home."""
        for visitor in (*self._staff.values(), *self._guests):
            visitor.context.close()
