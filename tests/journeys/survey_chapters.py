"""Chapters one to five: the house is set up, customers come in, a round is planned, sent out and answered."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
from playwright.sync_api import expect

from manyi.distribution.models import Message
from manyi.surveys.models import Round
from tests.journeys.town import Town
from tests.journeys.visitors import Visitor, said
from tests.personas import PASSWORD

CUSTOMERS, SAMPLE = 42, 38
PERSONAL = re.compile(r"/s/[\w-]+/")
HEADINGS = ("客户编号", "姓名", "手机", "邮箱", "门店编号", "同意回访", "业务类型", "日期")
STAFF = (
    # user name, name, role, unit
    ("zhao", "赵静", "quality_director", "华诚汽车集团"),
    ("li", "李敏", "survey_manager", "东城店"),
    ("wang", "王强", "case_handler", "东城店"),
    ("sun", "孙悦", "call_back_agent", "东城店"),
    ("zhou", "周涛", "department_head", "东城店"),
)
#: The steps of the visit that customers were content with; the eighth is the waiting time.
ITEMS = ("booking", "reception", "quality", "price", "punctual", "lounge", "clean")


def the_administrator_sets_the_house_up(town: Town) -> None:
    """Units, staff with their roles, and the log in which every act of it stands."""
    chen = town.staff("chen")
    chen.go("/settings/")
    chen.look("settings")
    for parent, kind, code, name, english in (
        ("华诚汽车集团", "dealership", "HC-E", "东城店", "East store"),
        ("东城店", "department", "HC-E-A", "东城店售后部", "East after-sales"),
    ):
        chen.go("/settings/units/new/")
        parent_value = chen.page.locator("select[name=unit] option", has_text=parent).first
        value = parent_value.get_attribute("value") or ""
        chen.save(unit=value, kind=kind, code=code, name=name, name_en=english)
        chen.see(name)
    for username, name, role, unit in STAFF:
        chen.go("/settings/staff/new/")
        option = chen.page.locator("select[name=unit] option").filter(has_text=re.compile(rf"{unit}\s*$"))
        value = option.first.get_attribute("value") or ""
        chen.save(username=username, display_name=name, password=PASSWORD, unit=value, role=role)
        chen.see(name)
    chen.look("person")
    chen.go("/settings/units/")
    chen.look("units")
    chen.go("/settings/events/")
    chen.see("新建员工账号")
    chen.follow(said("Check that nothing was changed"))
    expect(chen.page.locator(".note-success")).to_be_visible()
    chen.look("events")


def the_survey_manager_brings_customers_in(town: Town, folder: Path) -> None:
    """A file with one bad row: the good ones come in, the bad one goes back, is mended, and comes in too."""
    li = town.staff("li")
    rows = [customer_row(number) for number in range(1, CUSTOMERS + 1)]
    rows[6][3] = "no-address"
    li.go("/customers/import/")
    li.send("Send the file", file=str(write_csv(folder / "customers.csv", rows)))
    li.look("import")
    li.send("Import")
    town.meanwhile()
    li.page.reload()
    expect(li.page.locator(".note-warning")).to_be_visible()
    mended = mend(li.download(said("Rows to correct (XLSX)")), folder / "mended.xlsx")
    li.follow(said("Send the corrected file"))
    li.send("Send the file", file=str(mended))
    li.send("Import")
    town.meanwhile()
    li.page.reload()
    li.see(said("Every row is in."))
    li.go("/customers/")
    expect(li.page.locator(".count").first).to_have_text(str(CUSTOMERS))
    li.look("customers")


def customer_row(number: int) -> list[str]:
    """One customer of the workshop who agreed to be asked."""
    code, phone = f"K{number:03d}", f"138001380{number:02d}"
    return [
        code,
        f"客户{number:02d}",
        phone,
        f"k{number:03d}@example.com",
        "HC-E-A",
        "是",
        "服务",
        "2026-01-12",
    ]


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    """The file as the dealer's own system writes it."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *rows])
    path.write_text(out.getvalue(), encoding="gb18030")
    return path


def mend(rejected: Path, goal: Path) -> Path:
    """The workbook of rejected rows with the address put right."""
    book = openpyxl.load_workbook(io.BytesIO(rejected.read_bytes()))
    sheet = book.active
    assert sheet is not None
    heading = [str(cell.value) for cell in sheet[1]]
    assert sheet.max_row == 2, "one row was bad"
    sheet.cell(row=2, column=heading.index("邮箱") + 1, value="k007@example.com")
    book.save(goal)
    return goal


def the_regulation_is_installed(town: Town) -> None:
    """The pack that comes with the product, for the store."""
    li = town.staff("li")
    li.go("/start/packs/")
    li.check()
    li.page.locator("main td.lead a").last.click()
    li.look("pack")
    option = li.page.locator("select[name=unit] option", has_text=re.compile(r"^\s*东城店\s*$"))
    li.send("Install for this unit", unit=option.get_attribute("value") or "")
    expect(li.page.locator(".note-success")).to_be_visible()


def the_questionnaire_gets_a_question(town: Town) -> None:
    """A new version: a question is added, taken back with Undo, added again, and the version published."""
    li = town.staff("li")
    li.go("/surveys/questionnaires/")
    li.check()
    li.follow("售后服务满意度调查")
    li.send("New version")
    questions = li.page.locator(".outline ol ol a.node")
    before = questions.count()
    add_question(li, before)
    li.form("Undo").locator("button").click()
    expect(questions).to_have_count(before)
    add_question(li, before)
    li.page.locator(".bench [name=title]").fill("您的车型是?")
    li.page.locator(".bench [name=title_en]").fill("Which model do you drive?")
    li.page.locator(".bench [name=help]").focus()
    expect(li.page.frame_locator(".preview iframe").locator("body")).to_contain_text("您的车型是?")
    li.look("editor")
    expect(li.page.locator(".outline")).to_contain_text("您的车型是?")
    li.page.locator("main a", has_text=said("Publish")).first.click()
    li.look("publish")
    li.page.locator("main input[name=read]").check()
    li.send("Publish")
    li.see("v2")


def add_question(li: Visitor, before: int) -> None:
    """A short text question at the end of the last section."""
    li.page.locator(".outline a.node", has_text="最后两个问题").click()
    expect(li.page.locator(".outline a.node.here")).to_contain_text("最后两个问题")
    li.page.locator("[data-picker] > summary").click()
    li.page.locator("[data-picker] button[value=text_short]").click()
    expect(li.page.locator(".outline ol ol a.node")).to_have_count(before + 1)


def a_round_is_planned(town: Town, name: str, english: str) -> None:
    """The next round of the programme, and its page."""
    li = town.staff("li")
    li.go("/surveys/")
    li.check()
    li.follow("售后服务满意度调查")
    li.check()
    li.follow(said("New round"))
    li.check()
    li.save(title=name, title_en=english)
    li.see(name)


def the_sample_is_drawn(town: Town, **filters: str) -> None:
    """The calculator says how many are needed; the sample is drawn with a seed."""
    li = town.staff("li")
    li.follow(said("Draw a sample"))
    li.page.get_by_role("button", name=said("Work out the size")).click()
    expect(li.page.locator("#size strong")).to_be_visible()
    li.send("Draw", method="simple", size=str(SAMPLE), seed="journey", **filters)
    expect(li.page.locator("table.data td.num").first).to_have_text(str(SAMPLE))


def the_invitations_go_out_by_mail(town: Town, name: str) -> None:
    """The round opens, everybody drawn gets a mail; the outbox shows it with the personal link."""
    li = town.staff("li")
    li.act("open")
    li.send("Invite", channel="email")
    town.meanwhile()
    li.look("round-plan")
    li.go("/surveys/outbox/")
    li.look("outbox")
    li.page.locator("main td.lead a").first.click()
    link = li.page.locator("main a[href*='/s/']").first.get_attribute("href") or ""
    li.look("mail")
    others = Message.objects.filter(invitation__round__title=name, state="sent").order_by("pk")
    found = [PERSONAL.search(message.body) for message in others]
    town.links = [match[0] for match in found if match]
    assert len(town.links) == SAMPLE, "everybody drawn got a link"
    assert urlsplit(link).path in town.links, "the page shows the mail as it went out"
    li.go(f"/surveys/rounds/{Round.objects.get(title=name).pk}/")


def the_invitations_are_handed_over(town: Town) -> None:
    """The next round: personal links as a file, to be sent by messenger."""
    li = town.staff("li")
    li.act("open")
    li.send("Invite", channel="link")
    table = li.download(said("Personal links (CSV)")).read_text("utf-8-sig")
    town.links = [urlsplit(row[said("Link")]).path for row in csv.DictReader(io.StringIO(table))]
    assert len(town.links) == SAMPLE, "everybody drawn got a link"


def a_code_hangs_at_the_counter(town: Town) -> None:
    """An open link with a QR code for whoever was not invited."""
    li = town.staff("li")
    li.send("New open link", label="售后前台")
    li.follow(said("QR sheet"))
    expect(li.page.locator("article svg")).to_be_visible()
    town.open_link = urlsplit(li.page.locator(".qr-address").inner_text()).path
    li.look("qr")


def a_customer_complains_on_an_old_phone(town: Town) -> str:
    """No script: the lowest marks, the reason, the receipt. Returns the link."""
    link = town.links[0]
    guest = town.guest(script=False)
    guest.go(link)
    guest.look("welcome")
    press(guest)
    guest.look("questions")
    choose(guest, "a.purpose", "repair")
    press(guest)
    guest.look("matrix")
    for item in (*ITEMS, "waiting"):
        choose(guest, f"a.service.{item}", "3" if item == "booking" else "1")
    press(guest)
    choose(guest, "a.overall", "1")
    choose(guest, "a.recommend", "0")
    press(guest)
    guest.page.locator("textarea[name='a.reason']").fill("等了三个小时,没人告诉我进度。")
    press(guest)
    press(guest)
    guest.look("receipt")
    return link


def press(guest: Visitor) -> None:
    """The one big button of a respondent's page."""
    guest._press(guest.page.locator("button.main"))


def choose(guest: Visitor, name: str, value: str) -> None:
    """Tap an answer."""
    guest.page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def a_customer_is_called_away_and_comes_back(town: Town) -> None:
    """Half way the phone rings; the link leads back to where it was, with everything kept."""
    link = town.links[1]
    guest = town.guest()
    guest.go(link)
    guest.check()
    press(guest)
    guest.check()
    choose(guest, "a.purpose", "maintenance")
    press(guest)
    later = town.guest()
    later.go(link)
    press(later)
    assert "/items/" in later.page.url, "goes on in the second part"
    for item in ITEMS:
        choose(later, f"a.service.{item}", "5")
    choose(later, "a.service.waiting", "2")
    later.check()
    press(later)
    choose(later, "a.overall", "4")
    choose(later, "a.recommend", "9")
    press(later)
    press(later)
    expect(later.page.locator(".receipt strong")).to_be_visible()
    later.check()


def used_and_unknown_links_are_explained(town: Town, used: str) -> None:
    """The used link shows its receipt again; an unknown one says what to do."""
    guest = town.guest()
    assert guest.go(used) == 200
    expect(guest.page.locator(".receipt strong")).to_be_visible()
    assert guest.go("/s/nobody-has-this-link/") == 404
    guest.see("链接无效")
    guest.look("unknown-link")


def everybody_else_answers(town: Town, links: list[str], *, waiting: tuple[str, str]) -> None:
    """Enough answers for a judgement; ``waiting`` are the two marks that they give to the waiting time."""
    for number, link in enumerate(links):
        marks = {f"a.service.{item}": "5" for item in ITEMS} | {"a.service.lounge": "45"[number % 2]}
        marks |= {"a.service.waiting": waiting[number % 2], "a.overall": "45"[number % 2 - 1]}
        assert town.answer(link, **marks, **{"a.recommend": "9", "a.comment": "谢谢。"})
