"""What a line of the access table says: who may open a page, by which method, on which object."""

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
