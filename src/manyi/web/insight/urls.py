"""Addresses of ``web/insight``."""

from __future__ import annotations

from django.urls import path, re_path

from manyi.web.insight import (
    benchmark_views,
    explore_views,
    insight_views,
    mirror_views,
    model_views,
    ready_views,
    report_views,
    saved_views,
    special_views,
    text_views,
    trend_views,
    unit_views,
)

app_name = "insight"
urlpatterns = [
    path("insight/", insight_views.insight, name="insight"),
    path("insight/rounds/<int:pk>/", insight_views.round_page, name="round"),
    path("insight/rounds/<int:pk>/crosstab/", insight_views.crosstab, name="crosstab"),
    path("insight/rounds/<int:pk>/texts/", text_views.round_texts, name="texts"),
    path("insight/rounds/<int:pk>/texts/teach/", text_views.teach, name="teach"),
    path("insight/rounds/<int:pk>/texts/label/", text_views.label, name="label"),
    path("insight/rounds/<int:pk>/texts/train/", text_views.train, name="train"),
    re_path(
        r"^insight/rounds/(?P<pk>\d+)/export\.(?P<form>xlsx|csv)$", insight_views.round_export, name="export"
    ),
    re_path(
        r"^insight/rounds/(?P<pk>\d+)/crosstab/export\.(?P<form>xlsx|csv)$",
        insight_views.crosstab_export,
        name="crosstab_export",
    ),
    path("insight/overview/", ready_views.overview, name="overview"),
    path("insight/items/", ready_views.item, name="item"),
    path("insight/units/", unit_views.units, name="units"),
    path("insight/trend/", trend_views.trend, name="trend"),
    path("insight/drivers/", ready_views.drivers, name="drivers"),
    path("insight/special/", special_views.special, name="special"),
    path("insight/gaps/", special_views.gaps, name="gaps"),
    path("insight/kano/", special_views.kano, name="kano"),
    path("insight/model/", model_views.model, name="model"),
    path("insight/mirror/", mirror_views.mirror, name="mirror"),
    path("insight/beside/", benchmark_views.benchmarks, name="benchmarks"),
    path("insight/beside/new/<int:programme>/", benchmark_views.new_benchmark, name="new_benchmark"),
    path("insight/beside/import/<int:programme>/", benchmark_views.import_page, name="import_benchmarks"),
    path(
        "insight/beside/import/<int:programme>/template.csv",
        benchmark_views.import_template,
        name="benchmark_template",
    ),
    path("insight/beside/<int:pk>/", benchmark_views.benchmark, name="benchmark"),
    path("insight/beside/<int:pk>/act/", benchmark_views.benchmark_act, name="benchmark_act"),
    path("insight/saved/", saved_views.saved, name="saved"),
    path("insight/saved/keep/", saved_views.keep, name="keep"),
    path("insight/saved/<int:pk>/", saved_views.open_saved, name="open_saved"),
    path("insight/saved/<int:pk>/change/", saved_views.change_saved, name="change_saved"),
    path("insight/explore/", explore_views.explore, name="explore"),
    path("insight/explore/result.<slug:form>", explore_views.explore_export, name="explore_export"),
    path("reports/", report_views.report_list, name="reports"),
    path("reports/new/", report_views.new_report, name="new_report"),
    path("reports/<int:pk>/", report_views.report_page, name="report"),
    path("reports/<int:pk>/act/", report_views.report_act, name="report_act"),
    path("reports/<int:pk>/edit/", report_views.edit_report, name="edit_report"),
    path("reports/<int:pk>/comments/", report_views.add_comment, name="add_comment"),
    path("reports/<int:pk>/comments/<int:comment_pk>/", report_views.settle_comment, name="settle_comment"),
    path("reports/<int:pk>/report.<slug:form>", report_views.report_file, name="report_file"),
]
