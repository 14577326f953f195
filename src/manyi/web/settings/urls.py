"""Addresses of ``web/settings``: the organisation, customer files, one's own preferences, the search."""

from __future__ import annotations

from django.urls import path

from manyi.web.settings import (
    calendar_address,
    calendar_files,
    calendars,
    channels,
    customer_import,
    customers,
    home,
    log,
    me,
    search,
    staff,
    units,
    values,
)

app_name = "settings"
urlpatterns = [
    path("settings/", home.home, name="home"),
    path("settings/roles/", home.roles, name="roles"),
    path("settings/units/", units.tree, name="units"),
    path("settings/units/new/", units.new, name="unit_new"),
    path("settings/units/<int:pk>/", units.edit, name="unit"),
    path("settings/staff/", staff.people, name="staff"),
    path("settings/staff/new/", staff.new, name="person_new"),
    path("settings/staff/<int:pk>/", staff.person, name="person"),
    path("settings/calendars/", calendars.index, name="calendars"),
    path("settings/calendars/new/", calendars.new, name="calendar_new"),
    path("settings/calendars/<int:pk>/", calendars.year_view, name="calendar"),
    path("settings/calendars/<int:pk>/file/", calendar_files.take, name="calendar_take"),
    path("settings/calendars/<int:pk>/calendar.ics", calendar_files.ical, name="calendar_ical"),
    path("settings/calendars/<int:pk>/week/", calendars.week, name="calendar_week"),
    path("settings/values/", values.values, name="values"),
    path("settings/channels/", channels.index, name="channels"),
    path("settings/channels/<slug:group>/", channels.group, name="channel"),
    path("settings/channels/<slug:group>/test/", channels.test, name="channel_test"),
    path("settings/lists/", values.lists, name="lists"),
    path("settings/events/", log.log, name="events"),
    path("settings/jobs/", log.work, name="jobs"),
    path("settings/jobs/<int:pk>/", log.job, name="job"),
    path("customers/", customers.index, name="customers"),
    path("customers/new/", customers.new, name="customer_new"),
    path("customers/duplicates/", customers.duplicates, name="duplicates"),
    path("customers/import/", customer_import.upload, name="customer_upload"),
    path("customers/import/<int:pk>/", customer_import.step, name="customer_import"),
    path("customers/import/<int:pk>/rejected/", customer_import.rejected, name="customer_rejected"),
    path("customers/<int:pk>/", customers.record, name="customer"),
    path("customers/<int:pk>/edit/", customers.edit, name="customer_edit"),
    path("customers/<int:pk>/act/", customers.act, name="customer_act"),
    path("me/", me.preferences, name="me"),
    path("me/calendar/", calendar_address.page, name="calendar_address"),
    path("me/language/", me.language, name="language"),
    path("search/", search.search, name="search"),
]
