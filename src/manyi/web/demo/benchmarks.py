"""What the demo's group knows of others: a competitor, the trade and its own goals, all made up."""

from __future__ import annotations

from datetime import timedelta

from manyi.analytics.benchmark_actions import enter_benchmark
from manyi.organisation import clock
from manyi.organisation.models import Person
from manyi.surveys.models import Programme

SURVEY, TRADE = "演示数据:同城门店神秘顾客调查", "演示数据:行业年度报告"
#: Kind, name, figure, value, n, source.
KNOWN = (
    ("competitor", "同城乙店", "total_mean", "84.1", "320", SURVEY),
    ("industry", "行业平均", "total_mean", "82.6", "5200", TRADE),
    ("target", "集团目标", "total_mean", "88", "", "年度经营计划"),
    ("competitor", "同城乙店", "nps", "41", "320", SURVEY),
    ("industry", "行业平均", "csat", "83.5", "5200", TRADE),
)


def look_around(actor: Person, programme: Programme) -> None:
    """Enter the benchmarks of the half year up to today."""
    today = clock.today("Asia/Shanghai")
    period = {"since": (today - timedelta(days=180)).isoformat(), "until": today.isoformat()}
    for kind, name, metric, value, n, source in KNOWN:
        texts = {"kind": kind, "name": name, "metric": metric, "value": value, "n": n, "source": source}
        enter_benchmark(actor=actor, programme=programme, texts=texts | period)
