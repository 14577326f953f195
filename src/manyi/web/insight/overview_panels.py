"""The overview for directors: programmes and items against their targets, and what moved most."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse

from manyi.analytics.lights import LIGHTS, Light, light_of
from manyi.analytics.views import HEADLINE_LABELS, ItemLine, RoundView
from manyi.analytics.wording import change_words, points_words
from manyi.kernel.labels import Label
from manyi.surveys.models import Round
from manyi.web.insight import charts
from manyi.web.insight.panels import ITEM, MEAN, SINCE, TARGET, Cell, Panel, plain

SIGNS: dict[Light, str] = {"green": "●", "amber": "◐", "red": "▲", "none": "–"}
ORDER: dict[Light, int] = {"red": 0, "amber": 1, "green": 2, "none": 3}
VERDICT = Label("判断", "Verdict")
PROGRAMME = Label("调查项目", "Programme")
MOST = 12
Views = Sequence[tuple[Round, RoundView]]
Lit = tuple[Round, ItemLine, Light]


def item_href(round: Round, item: ItemLine) -> str:
    """The page of an item."""
    return f"{reverse('insight:item')}?{urlencode({'round': round.pk, 'item': item.code})}"


def overview_panels(views: Views, language: str) -> list[Panel]:
    """Programmes, then items from red to green, then what moved; nothing where nothing was answered."""
    if not views:
        return []
    items = _lit(views)
    return [_programmes(views), *([_items(items, language)] if items else []), *_movers(views)]


def overview_sentence(views: Views) -> Label:
    """How many items are red, and the worst of them."""
    items = _lit(views)
    red = [each for each in items if each[2] == "red"]
    open_ones = sum(light == "amber" for _, _, light in items)
    if red:
        name = red[0][1].title
        many = f"{len(red)} items are" if len(red) > 1 else "One item is"
        return Label(
            f"{len(red)} 个项目确定未达标,最低的是“{name.zh}”;另有 {open_ones} 个尚不能断定。",
            f"{many} certainly below target, the lowest is “{name.en}”; {open_ones} more are not certain.",
        )
    return Label(
        f"没有项目确定未达标;{open_ones} 个尚不能断定。",
        f"No item is certainly below its target; {open_ones} are not certain.",
    )


def _lit(views: Views) -> list[Lit]:
    """Every item that can be shown with its light, the reddest and lowest first."""
    found = [
        (round, item, light_of(item.mean, item.target))
        for round, view in views
        for item in view.items
        if item.mean.value is not None
    ]
    return sorted(found, key=lambda each: (ORDER[each[2]], each[1].mean.value or 0.0))


def _verdict(light: Light) -> Cell:
    words = LIGHTS[light]
    return Cell(Label(f"{SIGNS[light]} {words.zh}", f"{SIGNS[light]} {words.en}"), bad=light == "red")


def _programmes(views: Views) -> Panel:
    rows = []
    for round, view in views:
        figure, goal = view.headlines.get(view.headline), _goal(view)
        rows.append(
            (
                Cell(_programme(round), href=reverse("insight:round", args=[round.pk])),
                Cell(Label(round.title, round.title_en or round.title)),
                Cell(HEADLINE_LABELS[view.headline]),
                Cell(figure=figure) if figure else plain("–"),
                plain(points_words(goal) if goal is not None else "–"),
                _verdict(light_of(figure, goal)),
                Cell(change_words(view.change)) if view.change else plain("–"),
            )
        )
    columns = (
        PROGRAMME,
        Label("最新一轮", "Newest round"),
        Label("指标", "Indicator"),
        Label("结果", "Result"),
        TARGET,
        VERDICT,
        SINCE,
    )
    return Panel(
        "programmes", Label("各调查项目与目标", "Programmes and their targets"), columns, tuple(rows)
    )


def _goal(view: RoundView) -> Fraction | None:
    return view.target if view.headline == "total_mean" else None


def _items(items: Sequence[Lit], language: str) -> Panel:
    rows = tuple(
        (
            Cell(item.title, href=item_href(round, item)),
            Cell(_programme(round)),
            Cell(figure=item.mean, bad=False),
            plain(points_words(item.target) if item.target is not None else "–"),
            _verdict(light),
            Cell(change_words(item.change)) if item.change else plain("–"),
        )
        for round, item, light in items
    )
    shown = items[:MOST]
    names = _names([(round, item) for round, item, _ in shown], language)
    marks = [
        charts.Dot(name, item.mean, light == "red", item_href(round, item))
        for name, (round, item, light) in zip(names, shown, strict=True)
    ]
    targets = {float(item.target) for _, item, _ in shown if item.target is not None}
    target = targets.pop() if len(targets) == 1 else None
    return Panel(
        "items",
        Label("各项得分与目标:最需要注意的在前", "Items and their targets, the most pressing first"),
        (ITEM, PROGRAMME, MEAN, TARGET, VERDICT, SINCE),
        rows,
        charts.dots(marks, language, target=target),
        height=charts.height_of(marks, names),
        most=MOST,
    )


def _programme(round: Round) -> Label:
    return Label(round.programme.title, round.programme.title_en or round.programme.title)


def _names(items: Sequence[tuple[Round, ItemLine]], language: str) -> list[str]:
    """What items are called in a chart: with their programme where two are called the same."""
    titles = [item.title.text(language) for _, item in items]
    return [
        f"{title} · {_programme(round).text(language)}" if titles.count(title) > 1 else title
        for title, (round, _) in zip(titles, items, strict=True)
    ]


def _movers(views: Views) -> list[Panel]:
    """The items that moved more than chance, the biggest movement first."""
    moved = [
        (round, item, item.change)
        for round, view in views
        for item in view.items
        if item.change and item.change.beyond_chance and item.mean.value is not None
    ]
    moved.sort(key=lambda each: -abs(each[2].difference))
    columns = (ITEM, PROGRAMME, SINCE, Label("现在", "Now"))
    rows = tuple(
        (
            Cell(item.title, href=item_href(round, item)),
            Cell(_programme(round)),
            Cell(change_words(change)),
            Cell(figure=item.mean),
        )
        for round, item, change in moved[:MOST]
    )
    name = Label("变化最大的项目(差异显著)", "What moved most, beyond chance")
    none = Label("与上一轮相比,没有项目有显著变化", "No item moved beyond chance since the round before")
    return [Panel("movers", name if rows else none, columns, rows)]
