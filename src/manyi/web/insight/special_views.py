"""Questions that need a questionnaire of their own: gaps to expectation, wanted features."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from manyi.analytics.analyses import ANALYSES
from manyi.analytics.item_view import item_asked
from manyi.analytics.question_pairs import gap_pairs, kano_pairs
from manyi.kernel.labels import Label
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.choosing import round_choice
from manyi.web.insight.ready_page import answered

TITLE = Label("需要专门问卷的分析", "Questions that need a questionnaire of their own")
NO_GAPS = Label(
    "要比较期望与感受,问卷需要一道双量表矩阵题(一列期望,一列感受)。"
    "问卷模板库里的“服务质量差距调查(SERVQUAL)”可以直接使用。",
    "To compare expectation and experience the questionnaire needs a matrix of two scales (one expected, one "
    "experienced). “Service-quality gaps (SERVQUAL)” among the ready questionnaires has it.",
)
NO_KANO = Label(
    "卡诺分析要求每个功能问两次:有它时觉得怎样、没有它时觉得怎样,都用 1(很喜欢)到 5(很不喜欢)五个选项。"
    "做法:双量表矩阵题,两列编号 with 和 without;或两道题,编号以 _with 和 _without 结尾。"
    "问卷模板库里有“功能需求调查(卡诺)”。",
    "A Kano analysis asks of every feature twice, how people feel with it and without it, each from 1 (like) "
    "to 5 (dislike): a matrix of two scales whose columns have the codes with and without, or two questions "
    "whose codes end in _with and _without. “Wanted features (Kano)” among the ready questionnaires has it.",
)


@needs("insight.view")
def special(request: StaffRequest) -> HttpResponse:
    """What can be asked, and what each needs."""
    choice = round_choice(request)
    offered = [
        ("insight:gaps", ANALYSES.get("expectation_index")),
        ("insight:kano", ANALYSES.get("kano")),
        ("insight:model", ANALYSES.get("path_model")),
        ("insight:mirror", ANALYSES.get("mirror")),
    ]
    context = {"choice": choice, "round": choice.round, "question": TITLE, "offered": offered}
    return render(request, "insight/special.html", context)


@needs("insight.view")
def gaps(request: StaffRequest) -> HttpResponse:
    """What customers get less what they expect, by dimension and by item."""
    choice = round_choice(request)
    pairs = gap_pairs(choice.round) if choice.round else ()
    made = None
    if choice.round and pairs:
        expected, perceived = [pair.first for pair in pairs], [pair.second for pair in pairs]
        made = item_asked("expectation_index", choice.round, {}, expected=expected, perceived=perceived)
    return answered(request, choice, made, NO_GAPS, title=ANALYSES.get("expectation_index").question)


@needs("insight.view")
def kano(request: StaffRequest) -> HttpResponse:
    """Which features must be there, which pay by degree, which delight."""
    choice = round_choice(request)
    pairs = kano_pairs(choice.round) if choice.round else ()
    made = None
    if choice.round and pairs:
        features = {pair.name: [pair.first, pair.second] for pair in pairs}
        made = item_asked("kano", choice.round, {}, features=features)
    return answered(request, choice, made, NO_KANO, title=ANALYSES.get("kano").question)
