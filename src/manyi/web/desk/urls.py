"""Addresses of ``web/desk``: today, cases, improvement, and the settings of both."""

from __future__ import annotations

from django.urls import path

from manyi.web.desk import (
    boxes,
    case_forms,
    case_lists,
    case_record,
    case_settings,
    finding_forms,
    finding_lists,
    finding_record,
    today,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("cases/", case_lists.index, name="cases"),
    path("cases/export.xlsx", case_lists.export, name="cases_export"),
    path("cases/due/", case_lists.calls, name="calls"),
    path("cases/new/", case_forms.new, name="case_new"),
    path("cases/boxes/", boxes.index, name="boxes"),
    path("cases/boxes/new/", boxes.new, name="box_new"),
    path("cases/boxes/<int:pk>/switch/", boxes.switch, name="box_switch"),
    path("cases/boxes/<int:pk>/sheet/", boxes.sheet, name="box_sheet"),
    path("cases/<int:pk>/photos/<str:sha256>/", boxes.photo, name="case_photo"),
    path("cases/<int:pk>/", case_record.record, name="case"),
    path("cases/<int:pk>/act/", case_record.act, name="case_act"),
    path("cases/<int:pk>/message/", case_record.message, name="case_message"),
    path("cases/<int:pk>/describe/", case_forms.describe, name="case_describe"),
    path("cases/<int:pk>/finding/", case_record.to_finding, name="case_finding"),
    path("improvement/", finding_lists.index, name="findings"),
    path("improvement/new/", finding_forms.new, name="finding_new"),
    path("improvement/<int:pk>/", finding_record.record, name="finding"),
    path("improvement/<int:pk>/act/", finding_record.act, name="finding_act"),
    path("improvement/<int:pk>/metric/", finding_forms.metric, name="finding_metric"),
    path("improvement/<int:pk>/causes/", finding_forms.add_cause, name="cause_new"),
    path("improvement/<int:pk>/check/", finding_forms.check, name="finding_check"),
    path("improvement/causes/<int:pk>/prove/", finding_forms.prove, name="cause_prove"),
    path("improvement/causes/<int:pk>/actions/", finding_forms.plan, name="action_new"),
    path("improvement/actions/<int:pk>/done/", finding_forms.complete, name="action_done"),
    path("settings/cases/", case_settings.index, name="case_settings"),
    path("settings/cases/categories/new/", case_settings.new_category, name="category_new"),
    path("settings/cases/categories/<int:pk>/", case_settings.category, name="category"),
    path("settings/cases/deadlines/new/", case_settings.policy, name="policy_new"),
    path("settings/cases/deadlines/<int:pk>/", case_settings.policy, name="policy"),
]
