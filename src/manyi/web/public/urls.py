"""Addresses of ``web/public``."""

from __future__ import annotations

from django.urls import URLPattern, path

from manyi.web.public import (
    calendar_feed,
    pictures,
    posts,
    promises,
    pushes,
    respond,
    sms_replies,
    standing,
    trial,
    voice_urls,
)

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("s/<str:token>/", respond.personal, name="personal"),
    path("s/<str:token>/stop/", respond.stop, name="stop"),
    path("s/<str:token>/files/", promises.files, name="promised_files"),
    path("s/<str:token>/p/<str:section>/", respond.personal_section, name="personal_section"),
    path("o/<str:token>/", respond.open_link, name="open"),
    path("o/<str:token>/<str:key>/p/<str:section>/", respond.open_section, name="open_section"),
    path("e/<str:token>/", standing.embed, name="embed"),
    path("e/<str:token>/thanks/<str:receipt>/", standing.embed_thanks, name="embed_thanks"),
    path("e/<str:token>/<str:key>/p/<str:section>/", standing.embed_section, name="embed_section"),
    path("t/<str:token>/", trial.welcome, name="trial"),
    path("t/<str:token>/<str:key>/p/<str:section>/", trial.section, name="trial_section"),
    path("t/<str:token>/<str:key>/comment/", trial.comment, name="trial_comment"),
    path("t/<str:token>/<str:key>/done/", trial.done, name="trial_done"),
    path("k/<str:token>/", standing.kiosk, name="kiosk"),
    path("k/<str:token>/leave/", standing.kiosk_leave, name="kiosk_leave"),
    path("calendar/<str:token>.ics", calendar_feed.feed, name="calendar_feed"),
    path("picture/<str:key>/", pictures.picture, name="picture"),
    path("hooks/answers/<str:key>/", pushes.push, name="push"),
    path("hooks/cases/<str:key>/", posts.push, name="post"),
    path("hooks/wecom/<str:key>/", posts.wecom_callback, name="wecom"),
    path("hooks/sms/<str:key>/", sms_replies.intake, name="sms_replies"),
    path("hooks/sms/<str:key>/receipts/", sms_replies.receipts, name="sms_receipts"),
    path("receipt/<str:receipt>/", respond.receipt, name="receipt"),
    *voice_urls.urlpatterns,
]
