"""Who may open which page and route: the expected answer for every one of them, written out.

A letter stands for a role. Whoever adds an address adds its line here; without it the test fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from manyi.organisation.roles import Role

LETTERS = {
    "A": Role.SYSTEM_ADMINISTRATOR,
    "D": Role.QUALITY_DIRECTOR,
    "M": Role.SURVEY_MANAGER,
    "H": Role.CASE_HANDLER,
    "C": Role.CALL_BACK_AGENT,
    "L": Role.DEPARTMENT_HEAD,
    "U": Role.AUDITOR,
    "E": Role.EMPLOYEE,
}
EVERYONE = "".join(LETTERS)


@dataclass(frozen=True, slots=True)
class Page:
    """Who may open it, by which method, and on which object of 东城店 (a key of the test's objects).

    An object that is ``shared`` belongs to no subtree: whoever may open it may do so from anywhere.
    """

    roles: str
    of: str = ""
    method: str = "GET"
    shared: bool = False


POST = "POST"

#: Opened by anyone, logged in or not. What they show hangs on a token, or on nothing.
PUBLIC = {
    "account_change_password",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_signup",
    "api:api-root",
    "api:openapi-json",
    "public:open",
    "public:open_section",
    "public:personal",
    "public:personal_section",
    "public:receipt",
    "public:stop",
    "public:track",
    "public:track_leave",
    "public:tracked",
    "public:voice",
    "public:voice_thanks",
    "settings:language",
}

STAFF = {
    # one's own
    "desk:today": Page(EVERYONE),
    "settings:me": Page(EVERYONE),
    "settings:search": Page(EVERYONE),
    "start:start": Page(EVERYONE),
    # the organisation
    "settings:home": Page(EVERYONE),
    "settings:roles": Page(EVERYONE),
    "settings:units": Page("A"),
    "settings:unit_new": Page("A"),
    "settings:unit": Page("A", "unit"),
    "settings:staff": Page("A"),
    "settings:person_new": Page("A"),
    "settings:person": Page("A", "person"),
    "settings:calendars": Page("A"),
    "settings:calendar_new": Page("A"),
    "settings:calendar": Page("A", "calendar"),
    "settings:calendar_week": Page("A", "calendar"),
    "settings:values": Page("A"),
    "settings:channels": Page("A"),
    "settings:channel": Page("A", "channel", shared=True),
    "settings:channel_test": Page("A", "channel", POST, shared=True),
    "settings:events": Page("ADU"),
    "settings:jobs": Page("A"),
    "settings:job": Page("A", "job"),
    "api:units": Page(EVERYONE),
    "api:events": Page("ADU"),
    # customers
    "settings:lists": Page("M"),
    "settings:customers": Page("DMHCU"),
    "settings:customer": Page("DMHCU", "customer"),
    "settings:customer_act": Page("DMHCU", "customer", POST),
    "settings:customer_new": Page("M"),
    "settings:customer_edit": Page("M", "customer"),
    "settings:customer_upload": Page("M"),
    "settings:customer_import": Page("M", "customer_import"),
    "settings:customer_rejected": Page("M", "customer_import"),
    "settings:duplicates": Page("M"),
    "api:customers": Page("DMHCU"),
    "api:customer": Page("DMHCU", "customer"),
    "api:add": Page("M", method=POST),
    # surveys
    "manage:programmes": Page("DMLU"),
    "manage:programme": Page("DMLU", "programme"),
    "manage:programme_new": Page("DM"),
    "manage:programme_edit": Page("DM", "programme"),
    "manage:questionnaires": Page("DMLU"),
    "manage:questionnaire": Page("DMLU", "questionnaire"),
    "manage:questionnaire_new": Page("DM"),
    "manage:version_new": Page("DM", "questionnaire", POST),
    "manage:editor": Page("DMLU", "version"),
    "manage:editor_change": Page("DM", "version", POST),
    "manage:editor_undo": Page("DM", "version", POST),
    "manage:publish": Page("DM", "version", POST),
    "manage:export_toml": Page("DMLU", "version"),
    "manage:scheme_new": Page("DM", "questionnaire"),
    "manage:scheme": Page("DMLU", "scheme"),
    "manage:scheme_publish": Page("DM", "scheme", POST),
    "manage:round_new": Page("DM", "programme"),
    "manage:round": Page("DMLU", "round"),
    "manage:round_act": Page("M", "round", POST),
    "manage:round_size": Page("M", "round"),
    "manage:sample": Page("DMLU", "round"),
    "manage:quotas": Page("DMLU", "round"),
    "manage:quota_new": Page("M", "round", POST),
    "manage:quota_change": Page("M", "quota", POST),
    "manage:weights": Page("DMLU", "round"),
    "manage:weights_new": Page("M", "round", POST),
    "manage:weights_act": Page("M", "weights", POST),
    "manage:weights_file": Page("DMLU", "weights"),
    "manage:draw_record": Page("DMLU", "draw"),
    "manage:prove_draw": Page("DMLU", "draw", POST),
    "manage:draw": Page("M", "round", POST),
    "manage:undo_draw": Page("M", "draw", POST),
    "manage:invite": Page("M", "round", POST),
    "manage:remind": Page("M", "round", POST),
    "manage:wave": Page("M", "round"),
    "manage:wave_send": Page("M", "round", POST),
    "manage:wave_to_me": Page("M", "round", POST),
    "manage:texts": Page("DM", "programme"),
    "manage:invitations": Page("DMLU", "round"),
    "manage:personal_links": Page("M", "round", POST),
    "manage:open_link_new": Page("M", "round", POST),
    "manage:close_link": Page("M", "open_link", POST),
    "manage:qr": Page("DMLU", "open_link"),
    "manage:responses": Page("DMLU", "round"),
    "manage:response": Page("DMLU", "response"),
    "manage:judge": Page("DM", "response", POST),
    "manage:outbox": Page("DMLU"),
    "manage:message": Page("DMLU", "message"),
    "manage:requeue": Page("M", "message", POST),
    "manage:answer_import_new": Page("M"),
    "manage:answer_import": Page("M", "answer_import"),
    # packs, figures, reports
    "start:packs": Page("DMLU"),
    "start:pack": Page("DMLU", "pack", shared=True),
    "start:install": Page("DM", "pack", POST),
    "start:upload": Page("DM", method=POST),
    "start:installed": Page("DMLU", "installed"),
    "insight:insight": Page("DMLU"),
    "insight:round": Page("DMLU", "round"),
    "insight:crosstab": Page("DMLU", "round"),
    "insight:export": Page("DMLU", "round_export"),
    "insight:crosstab_export": Page("DMLU", "round_export"),
    "insight:reports": Page("DMLU"),
    "insight:new_report": Page("M"),
    # The report is a draft: who neither writes nor judges reports sees it only when it is published.
    "insight:report": Page("DML", "report"),
    "insight:report_act": Page("DML", "report", POST),
    "insight:edit_report": Page("M", "report"),
    "insight:add_comment": Page("DML", "report", POST),
    "insight:settle_comment": Page("DML", "comment", POST),
    "insight:report_file": Page("DML", "report_file"),
    "api:rounds": Page("DMLU"),
    "api:figures": Page("DMLU", "round"),
    "api:responses": Page("DMLU"),
    "api:hand_in": Page("M", "round", POST),
    "api:draws": Page("DMLU", "round"),
    "api:draw": Page("M", "round", POST),
    "api:quotas": Page("DMLU", "round"),
    "api:add_quota": Page("M", "round", POST),
    # cases
    "desk:cases": Page("DMHCLU"),
    "desk:cases_export": Page("DMHCLU"),
    "desk:calls": Page("C"),
    "desk:case_new": Page("DMHCLE"),
    "desk:case": Page("DMHCLU", "case"),
    "desk:case_act": Page("DMHCLU", "case", POST),
    "desk:case_message": Page("DHCL", "case", POST),
    "desk:case_describe": Page("DHL", "case", POST),
    "desk:case_finding": Page("DML", "case", POST),
    "desk:case_settings": Page("A"),
    "desk:category_new": Page("A"),
    "desk:category": Page("A", "category", shared=True),
    "desk:policy_new": Page("A"),
    "desk:policy": Page("A", "policy", shared=True),
    "api:cases": Page("DMHCLU"),
    "api:case": Page("DMHCLU", "case"),
    "api:register": Page("DMHCLE", method=POST),
    "api:act": Page("DMHCLU", "case", POST),
    # improvement
    "desk:findings": Page("DMHLU"),
    "desk:finding_new": Page("DML"),
    "desk:finding": Page("DMHLU", "finding"),
    "desk:finding_act": Page("DMHLU", "finding", POST),
    "desk:finding_metric": Page("DML", "finding", POST),
    "desk:finding_check": Page("D", "finding", POST),
    "desk:cause_new": Page("DML", "finding", POST),
    "desk:cause_prove": Page("DML", "cause", POST),
    "desk:action_new": Page("DML", "cause", POST),
    "desk:action_done": Page("L", "corrective_action", POST),
    "api:findings": Page("DMHLU"),
}
