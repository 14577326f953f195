"""Every kind of staff page with a year of work on it: usable, as wide as its screen, in one language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from manyi.analytics.models import Benchmark
from manyi.cases.models import (
    Assessment,
    Case,
    CaseGroup,
    Category,
    Checklist,
    PostSource,
    ReceivedMail,
    ReceivedPost,
    SideTask,
    SlaPolicy,
    SupervisionSample,
)
from manyi.customers.models import Customer
from manyi.distribution.models import Message, OpenLink
from manyi.improvement.models import Finding
from manyi.organisation.jobs import Silent
from manyi.organisation.models import Person, Unit, WorkCalendar
from manyi.regulation.models import InstalledPack
from manyi.reports.models import Report
from manyi.responses.models import Response
from manyi.surveys.actions import new_version
from manyi.surveys.models import Round, Scheme
from manyi.web import demo
from manyi.web.demo.cast import PASSWORD
from tests.journeys.visitors import DESK, HEIGHTS, PHONE, Gallery, Visitor, serious_faults, speak, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: Pages without an object, by who opens them.
PLAIN = {
    "limin": """desk:today start:start start:packs manage:programmes manage:programme_new
        manage:questionnaires manage:questionnaire_new manage:library manage:other_tool_new
        manage:outbox manage:returned manage:answer_import_new
        settings:customers settings:customer_new settings:duplicates settings:customer_upload
        settings:lists insight:new_report""",
    "zhaojing": """desk:today desk:mails desk:groups desk:side_tasks desk:cases desk:case_new desk:boxes
        desk:case_figures desk:case_pareto desk:case_heat desk:case_topics desk:case_workload
        desk:case_board desk:due_calendar settings:calendar_address
        desk:posts desk:routing desk:routing_new desk:absences desk:findings desk:finding_new
        insight:insight insight:overview insight:item insight:drivers insight:explore insight:saved
        insight:units insight:trend insight:special insight:benchmarks
        insight:reports settings:search settings:me""",
    "chenning": """desk:today desk:case_settings desk:category_new desk:policy_new desk:deadlines_moved
        desk:checklists desk:checklist_new
        desk:mail_boxes desk:mail_box_new desk:post_sources desk:post_source_new desk:templates
        desk:category_versions desk:template_new settings:home
        settings:roles settings:units settings:unit_new settings:staff settings:person_new
        settings:calendars settings:calendar_new settings:values settings:events settings:jobs
        settings:channels""",
    "sunyue": "desk:today desk:calls field:desk",
    "qianwen": "desk:today desk:samples",
}
#: Chinese among the interface words; what people wrote and words of another language are marked.
FOREIGN = """() => {
  const places = "button, th, label, legend, nav.side ul a, .tabs a";
  return [...document.querySelectorAll(places)].map(e => {
    const words = e.cloneNode(true);
    words.querySelectorAll("[lang], [data-user-text], option").forEach(part => part.remove());
    return e.closest("[lang]:not(html), [data-user-text]") ? "" : words.textContent.trim();
  }).filter(words => /[\\u4e00-\\u9fff]/.test(words));
}"""


def addresses(username: str) -> list[str]:
    """The pages that one person of the demo opens: those without an object, and one of each record."""
    return [reverse(name) for name in PLAIN[username].split()] + RECORDS.get(username, list)()


def _service_rounds() -> QuerySet[Round]:
    """The rounds of the after-sales survey; the studies beside it have no draw and no scheme."""
    return Round.objects.filter(programme__code="after_sales").select_related("questionnaire__questionnaire")


def _surveys() -> list[str]:
    round = _service_rounds().filter(state="closed")[0]
    response = Response.objects.filter(state="submitted", round=round)[0]
    sheet, programme = round.questionnaire.questionnaire, round.programme_id
    draft = new_version(actor=Person.objects.get(username="limin"), questionnaire=sheet)
    found = {
        "manage:programme": programme,
        "manage:programme_edit": programme,
        "manage:round_new": programme,
        "manage:round": round.pk,
        "manage:invitations": round.pk,
        "manage:draw_record": round.draws.get().pk,
        "manage:wave": round.pk,
        "manage:answers_export": round.pk,
        "manage:open_links": round.pk,
        "manage:link_sheet": round.pk,
        "manage:texts": programme,
        "manage:responses": round.pk,
        "manage:response": response.pk,
        "manage:message": Message.objects.all()[0].pk,
        "manage:questionnaire": sheet.pk,
        "manage:editor": draft.pk,
        "manage:preview": draft.pk,
        "manage:translate": draft.pk,
        "manage:bank": draft.pk,
        "manage:changes": draft.pk,
        "manage:pretest": draft.pk,
        "manage:publish": draft.pk,
        "manage:scheme": Scheme.objects.get().pk,
        "manage:scheme_new": sheet.pk,
        "settings:customer": Customer.objects.all()[0].pk,
        "settings:customer_edit": Customer.objects.all()[0].pk,
        "start:installed": InstalledPack.objects.get().pk,
    }
    editor = reverse("manage:editor", args=[draft.pk])
    pack = reverse("start:pack", args=["dealership-service"])
    condition = reverse("manage:condition", args=[draft.pk, "service.visible_if"])
    pages = [f"{editor}?at=service", condition, pack]
    return [*(reverse(name, args=[pk]) for name, pk in found.items()), *pages]


def _fieldwork() -> list[str]:
    round = _service_rounds().filter(state="closed")[0]
    faces = [reverse("field:f2f", args=[each.pk]) for each in Round.objects.filter(state="open")[:1]]
    script = reverse("field:script", args=[round.programme_id])
    link = OpenLink.objects.all()[0].pk
    faces += [reverse("manage:qr", args=[link]), reverse("manage:link_use", args=[link])]
    watched = ("sample", "quotas", "weights", "fieldwork", "quality", "completion", "pushes")
    pages = [reverse(f"manage:{name}", args=[round.pk]) for name in watched]
    pages += [reverse(f"field:{name}", args=[round.pk]) for name in ("round", "paper_runs")]
    return [reverse("field:desk"), reverse("field:paper"), script, *faces, *pages]


def _insight() -> list[str]:
    round = _service_rounds().filter(state="closed").order_by("-opens_at")[0]
    found = {
        "insight:round": round.pk,
        "insight:crosstab": round.pk,
        "insight:texts": round.pk,
        "insight:teach": round.pk,
        "insight:report": Report.objects.all()[0].pk,
        "desk:case": Case.objects.exclude(owner=None)[0].pk,
        "desk:mail": ReceivedMail.objects.filter(state="quarantined")[0].pk,
        "desk:post": ReceivedPost.objects.filter(state="quarantined")[0].pk,
        "desk:group": CaseGroup.objects.all()[0].pk,
        "desk:side_task": SideTask.objects.all()[0].pk,
        "desk:finding": Finding.objects.filter(state="closed")[0].pk,
        "desk:sample": SupervisionSample.objects.get(state="finished").pk,
        "desk:assessment": Assessment.objects.get(state="settled").pk,
    }
    studies = {"gaps": "servqual", "kano": "kano", "model": "csi_expectation", "mirror": "after_sales"}
    special = [
        f"{reverse(f'insight:{name}')}?round={Round.objects.filter(programme__code=code).latest('opens_at').pk}"
        for name, code in studies.items()
    ]
    beside = [
        reverse("insight:benchmark", args=[Benchmark.objects.all()[0].pk]),
        *(reverse(f"insight:{n}", args=[round.programme_id]) for n in ("new_benchmark", "import_benchmarks")),
    ]
    lists = [f"{reverse('desk:findings')}?tab=all", f"{reverse('desk:cases')}?tab=all", "/search/?q=K00001"]
    return [*(reverse(name, args=[pk]) for name, pk in found.items()), *special, *beside, *lists]


def _house() -> list[str]:
    found = {
        "settings:unit": Unit.objects.all()[1].pk,
        "settings:person": Person.objects.all()[0].pk,
        "settings:calendar_take": WorkCalendar.objects.all()[0].pk,
        "settings:calendar": WorkCalendar.objects.get().pk,
        "settings:calendar_week": WorkCalendar.objects.get().pk,
        "desk:category": Category.objects.all()[0].pk,
        "desk:category_merge": Category.objects.filter(active=True)[0].pk,
        "desk:policy": SlaPolicy.objects.all()[0].pk,
        "desk:post_source": PostSource.objects.get(kind="chat").pk,
        "desk:post_source_change": PostSource.objects.get(kind="chat").pk,
        "desk:checklist": Checklist.objects.all()[0].pk,
    }
    channels = [
        reverse("settings:channel", args=[group])
        for group in ("sms_aliyun", "sms", "email", "sending", "wecom", "reply")
    ]
    return [*(reverse(name, args=[pk]) for name, pk in found.items()), *channels]


def _assessing() -> list[str]:
    return [reverse("desk:assessment", args=[Assessment.objects.filter(state="waiting")[0].pk])]


RECORDS = {
    "limin": lambda: [*_surveys(), *_fieldwork()],
    "zhaojing": _insight,
    "chenning": _house,
    "qianwen": _assessing,
}


def faults_of(visitor: Visitor, path: str) -> list[str]:
    """What is wrong with one page, wide in Chinese and narrow in English, whose words are the longer ones."""
    page, found = visitor.page, list[str]()
    for language, width in (("zh", DESK), ("en", PHONE)):
        speak(page, language)
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        status = visitor.go(path)
        found += [f"{path} answers {status}"] if status != 200 else []
        found += serious_faults(page)
        found += too_wide(page)
        if language == "en":
            found += [f"{path} in English says {words!r}" for words in page.evaluate(FOREIGN)]
    return found


@pytest.fixture
def demo_house(live_server: LiveServer, settings: Settings, tmp_path: Path) -> LiveServer:
    """The demo's year on a running server."""
    settings.MEDIA_ROOT, settings.SNAPSHOTS = tmp_path / "files", tmp_path / "snapshots"
    demo.load(Silent())
    return live_server


def test_every_page_is_usable_on_every_screen(
    demo_house: LiveServer, browser: Browser, gallery: Gallery
) -> None:
    faults: list[str] = []
    for username in PLAIN:
        visitor = Visitor(browser, demo_house.url, gallery).log_in(username, PASSWORD)
        for path in addresses(username):
            faults += faults_of(visitor, path)
        faults += visitor.faults
        visitor.context.close()
    assert not faults, "\n".join(faults)
