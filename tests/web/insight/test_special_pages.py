"""Questions that need a questionnaire of their own: gaps, Kano, path diagram, employees and customers."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client

from manyi.analytics.data.rounds import round_table
from manyi.analytics.models import SavedAnalysis
from manyi.analytics.running import run
from manyi.analytics.specification import specification_from_toml
from manyi.organisation.models import Person, Unit
from manyi.organisation.roles import Role
from manyi.surveys.models import Round
from tests.after_sales import answer, make_unit, sheet
from tests.studies import answered, csi_sheets, gap_sheets, kano_sheets, study
from tests.web.insight.test_ready_views import page_of, reader

MakePerson = Callable[[Role, Unit], Person]


@pytest.fixture
def director(group: Unit, person_at: MakePerson) -> Client:
    return reader(person_at(Role.QUALITY_DIRECTOR, group))


def same_again(client: Client, address: str) -> None:
    """The file of the specification gives the figures of the page."""
    made = specification_from_toml(client.get(f"{address}&file=toml").content.decode())
    told = run(made, round_table(made.choice)).to_json()
    assert json.loads(client.get(f"{address}&file=json").content)["tables"] == told["tables"]


def body_of(page: str, panel: str) -> str:
    return page.split(f'id="{panel}"')[1].split("</section>")[0]


def test_gaps_are_told_by_dimension_and_by_item(director: Client, group: Unit, east: Unit) -> None:
    round = study(group, "servqual")
    answered(round, [east], gap_sheets(40))
    address = f"/insight/gaps/?round={round.pk}"
    page = page_of(director, address)
    dimensions = body_of(page, "result-dimensions")
    for name in ("有形性", "可靠性", "响应性", "保证性", "移情性"):
        assert name in dimensions
    assert "离期望最远的是“响应性" in page.split('<p class="answer">')[1].split("</p>")[0]
    assert "响应性:及时服务" in body_of(page, "result-gaps")
    same_again(director, address)
    assert "dimensions" in tables_of(director, in_explore(page))  # as on the page, though it is a default


def test_features_are_sorted_into_classes_and_drawn(director: Client, group: Unit, east: Unit) -> None:
    round = study(group, "kano")
    answered(round, [east], kano_sheets(60))
    address = f"/insight/kano/?round={round.pk}"
    page = page_of(director, address)
    sentence = page.split('<p class="answer">')[1].split("</p>")[0]
    assert "必备:维修前明码报价" in sentence
    assert "期望:手机查看维修进度" in sentence
    assert "魅力:上门取送车、交车前清洗车辆" in sentence
    option = json.loads(
        page.split('id="result-kano-chart" type="application/json">')[1].split("</script>")[0]
    )
    points = {point["name"]: point["value"] for point in option["series"][-1]["data"]}
    better, worse = points["上门取送车"]
    assert better > 50 > worse
    same_again(director, address)
    english = director.get(address, headers={"accept-language": "en"})
    assert english.status_code == 200


@pytest.fixture
def csi(group: Unit, east: Unit) -> Round:
    round = study(group, "csi_expectation")
    answered(round, [east], csi_sheets(120))
    return round


def test_the_model_is_proposed_drawn_and_can_be_made_again(director: Client, csi: Round) -> None:
    address = f"/insight/model/?round={csi.pk}&model=ecsi"
    page = page_of(director, address)
    drawing = page.split('data-picture="result-paths-chart"')[1].split("</svg>")[0]
    assert drawing.count("marker-end") == drawing.count('stroke-width="0.6"') == 7
    for name in ("预期质量", "感知质量", "感知价值", "满意度", "忠诚"):
        assert name in drawing
    assert re.search(r"指数 \d\d\.\d", drawing)
    assert "R² 0." in drawing
    same_again(director, address)


def test_an_item_can_be_given_to_another_latent_variable(director: Client, csi: Round) -> None:
    query = "&l-csi.product.perceived=quality&l-csi.service.perceived=quality&l-overall=satisfaction"
    page = page_of(director, f"/insight/model/?round={csi.pk}&model=acsi{query}")
    drawing = page.split('data-picture="result-paths-chart"')[1].split("</svg>")[0]
    assert drawing.count("marker-end") == 1
    assert "忠诚" not in drawing


def test_every_page_says_what_a_round_needs(
    director: Client, open_round: Callable[..., Round], east: Unit
) -> None:
    round = open_round()
    for _ in range(12):
        answer(round, east, sheet(4, 4, 4, 4, 8))
    assert "双量表矩阵题" in page_of(director, f"/insight/gaps/?round={round.pk}")
    assert "卡诺分析要求每个功能问两次" in page_of(director, f"/insight/kano/?round={round.pk}")
    assert "需要两个轮次" in page_of(director, f"/insight/mirror/?round={round.pk}")
    nothing = page_of(director, f"/insight/model/?round={round.pk}&l-wait=")
    assert "满意度指数模型需要" in nothing
    assert "员工和顾客的看法一致吗" in page_of(director, "/insight/special/")


@pytest.fixture
def both(open_round: Callable[..., Round], group: Unit) -> tuple[Round, Round]:
    """Eleven shops; employees judge higher everywhere, and one shop has too few of them."""
    customers, employees = open_round(), open_round(title="员工")
    for place in range(11):
        shop = make_unit(f"s{place}", f"第 {place} 店", group)
        for n in range(14):
            level = 2 + (n + place // 4) % 2 + (n < place)
            answer(customers, shop, sheet(level, level, level, level, 8))
            if n < (12 if place else 4):
                answer(employees, shop, sheet(level + 1, level + 1, level, level, 8))
    return customers, employees


def test_employees_stand_beside_customers_by_unit(director: Client, both: tuple[Round, Round]) -> None:
    customers, employees = both
    address = f"/insight/mirror/?round={customers.pk}&beside={employees.pk}&item=wait"
    page = page_of(director, address)
    assert "note-error" not in page, page.split("note-error")[1][:300]
    sides = body_of(page, "result-sides")
    assert "第 2 店" in sides
    assert "第 0 店" not in sides, "four employees are too few to be shown"
    assert "第 1 店" not in sides, "the hidden shop would follow from the whole"
    assert "不足 8 个" not in page
    assert "部门之间相关 r = " in page
    same_again(director, address)


def test_with_few_units_there_is_no_correlation(
    director: Client, open_round: Callable[..., Round], east: Unit, west: Unit
) -> None:
    customers, employees = open_round(), open_round(title="员工")
    for round in (customers, employees):
        for n in range(12):
            answer(round, east, sheet(3 + n % 2, 4, 4, 4, 8))
            answer(round, west, sheet(4 + n % 2, 4, 4, 4, 8))
    page = page_of(director, f"/insight/mirror/?round={customers.pk}")
    assert "部门不足 8 个,不算相关" in page
    assert 'id="result-together"' not in page
    assert director.get(f"/insight/mirror/?round={customers.pk}&beside=99999").status_code == 404


def tables_of(client: Client, address: str) -> dict[str, list[dict[str, object]]]:
    """The rows of every table in the data file of an address in Explore."""
    found = client.get(f"/insight/explore/result.json?{address}")
    return {each: table["rows"] for each, table in json.loads(found.content)["tables"].items()}


def in_explore(page: str) -> str:
    """The address with which Explore asks the question of a ready page."""
    return html.unescape(page.split("/insight/explore/?")[1].split('"')[0])


def form_fields(page: str) -> QueryDict:
    """What the form of a page would send as it stands."""
    form = page.split('class="card card-body asked">')[1].split("</form>")[0]
    sent = QueryDict(mutable=True)
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent.appendlist(name, html.unescape(chosen[1]) if chosen else "")
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or "checked" in tag):
            sent.appendlist(name[1], html.unescape(value[1]) if value else "")
    return sent


def test_explore_proposes_the_features_of_the_questionnaire(
    director: Client, group: Unit, east: Unit
) -> None:
    round = study(group, "kano")
    answered(round, [east], kano_sheets(60))
    begun = page_of(director, f"/insight/explore/?round={round.pk}&method=kano")
    sent = form_fields(begun)
    assert "" in sent.getlist("c-features.name")  # rows for more
    page = page_of(director, f"/insight/explore/?{sent.urlencode()}")
    assert "必备:维修前明码报价" in page.split('<p class="answer">')[1].split("</p>")[0]
    ready = page_of(director, f"/insight/kano/?round={round.pk}")
    assert tables_of(director, in_explore(ready)) == tables_of(director, sent.urlencode())


def test_a_feature_of_one_question_or_of_the_same_twice_is_named(
    director: Client, group: Unit, east: Unit
) -> None:
    round = study(group, "kano")
    answered(round, [east], kano_sheets(20))
    sent = form_fields(page_of(director, f"/insight/explore/?round={round.pk}&method=kano"))
    first = sent.getlist("c-features.first")
    for second, words in (("", "要选两道不同的题"), (first[0], "要选两道不同的题")):
        seconds = sent.getlist("c-features.second")
        sent.setlist("c-features.second", [second, *seconds[1:]])
        page = page_of(director, f"/insight/explore/?{sent.urlencode()}")
        assert words in page
        sent.setlist("c-features.second", seconds)
    names = sent.getlist("c-features.name")
    assert not any(names)  # they are called by their titles
    sent.setlist("c-features.name", ["接送", "接送", *names[2:]])
    assert "出现了两次" in page_of(director, f"/insight/explore/?{sent.urlencode()}")


def test_explore_asks_a_path_model_that_can_be_kept_and_opened_again(director: Client, csi: Round) -> None:
    sent = form_fields(page_of(director, f"/insight/explore/?round={csi.pk}&method=path_model"))
    assert sent["c-model"] == "ccsi"
    assert (
        "own"
        not in page_of(director, f"/insight/explore/?round={csi.pk}&method=path_model")
        .split('id="c-model"')[1]
        .split("</select>")[0]
    )
    sent["c-samples"] = "200"
    address = sent.urlencode()
    ready = page_of(director, f"/insight/model/?round={csi.pk}")
    assert tables_of(director, address) == tables_of(director, in_explore(ready))
    director.post(f"/insight/saved/keep/?{address}", {"title": "模型"})
    kept = SavedAnalysis.objects.get(title="模型")
    assert kept.specification["config"]["scales"]
    opened = director.get(f"/insight/saved/{kept.pk}/")
    assert tables_of(director, opened.url.split("?")[1]) == tables_of(director, address)  # type: ignore[attr-defined]


def test_a_path_model_needs_questions_and_few_samples_are_refused(director: Client, csi: Round) -> None:
    sent = form_fields(page_of(director, f"/insight/explore/?round={csi.pk}&method=path_model"))
    sent["c-samples"] = "20"
    assert "100 至 10000" in page_of(director, f"/insight/explore/?{sent.urlencode()}")
    for name in [each for each in sent if each.startswith("c-blocks.")]:
        sent[name] = ""
    assert "请选择“每道题代表什么”" in page_of(director, f"/insight/explore/?{sent.urlencode()}")
