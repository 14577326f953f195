"""Act: the case register with its messages, assignments, pauses, solutions and call-backs."""

from __future__ import annotations

from django.db import models

from manyi.cases.choices import ENDED_STATES
from manyi.cases.models.categories import CategoryVersion
from manyi.customers.models import Customer
from manyi.organisation import access
from manyi.organisation.models import Job, Person, Unit
from manyi.responses.models import Response


class Category(models.Model):
    """A node of the classification tree of cases."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    active = models.BooleanField(default=True)  # a retired one is not chosen any more; old cases keep it
    merged_into = models.ForeignKey(  # where figures count its cases since it was ended in favour of another
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    @property
    def present(self) -> Category:
        """Where figures count its cases today: itself, or where it was merged."""
        return self.merged_into.present if self.merged_into else self


class SlaPolicy(models.Model):
    """Deadlines per kind of case, each target in its own unit; versions are new rows, old ones stay."""

    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    # {"acknowledge": {"amount": 1, "unit": "working_days"}, "respond": …, "resolve": …, "call_back": …}
    targets = models.JSONField()
    warnings = models.JSONField(default=list)  # see warnings.Rule; empty: the usual ones
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="one_policy_number")]

    def __str__(self) -> str:
        return self.name


class SuggestionBox(models.Model):
    """A box at a place: a code that anyone may scan to say something, without a name if they like."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=80)
    token = models.CharField(max_length=40, unique=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["unit__path", "label"]
        verbose_name_plural = "suggestion boxes"

    def __str__(self) -> str:
        return self.label


class Case(models.Model):
    """One matter of one person: complaint, suggestion, praise, enquiry or request for help (诉求单).

    Deadlines are not stored: they follow from ``received_at``, the policy, the calendar and the pauses.
    ``due_at`` is only the cached answer for lists, refreshed when one of those changes.
    """

    number = models.CharField(max_length=20, unique=True)  # 2026-000123
    tracking_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, default="complaint")
    channel = models.CharField(max_length=16)  # form phone survey import desk
    box = models.ForeignKey(
        SuggestionBox, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    state = models.CharField(max_length=16, default="registered")
    # Kept by the database, for an index of the open cases in the order of their deadlines; a number, because
    # SQLite searches no index for a truth value.
    is_open = models.GeneratedField(
        expression=models.Case(models.When(state__in=ENDED_STATES, then=0), default=1),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    response = models.OneToOneField(
        Response, null=True, blank=True, on_delete=models.SET_NULL, related_name="case"
    )
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    category_version = models.ForeignKey(  # of the tree in which it was classified
        CategoryVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    severity = models.CharField(max_length=8, default="normal")  # low normal high grave
    urgency = models.CharField(max_length=8, default="normal")  # normal urgent
    safety = models.BooleanField(default=False)  # somebody may be hurt
    risk = models.CharField(max_length=8, default="medium")  # see rules.risk_of
    confidentiality = models.CharField(max_length=12, default="named")  # named confidential anonymous
    identity_checked = models.BooleanField(default=False)
    identity_note = models.CharField(max_length=200, blank=True)  # how, by whom; or why not
    language = models.CharField(max_length=10, blank=True)
    subject = models.CharField(max_length=200)
    demand = models.TextField(blank=True)
    contact_name = models.CharField(max_length=80, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_email = models.CharField(max_length=200, blank=True)
    about_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="+")
    founded = models.CharField(max_length=12, blank=True)  # founded partly unfounded unable
    facts = models.TextField(blank=True)  # what the investigation found, and the evidence for it
    cause = models.TextField(blank=True)
    received_at = models.DateTimeField(db_index=True)
    registered_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)  # first human response
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # of the next open clock
    due_clock = models.CharField(max_length=16, blank=True)
    provisional = models.BooleanField(default=False)  # the deadline needs a year without official holidays
    reopened = models.PositiveSmallIntegerField(default=0)
    returned = models.PositiveSmallIntegerField(default=0)
    cycle_from = (
        models.DateTimeField()
    )  # receipt, or the last reopening: where the clocks of this cycle begin
    waiver = models.TextField(blank=True)  # why it was closed without a call-back result
    finding_waiver = models.TextField(blank=True)  # why nothing is to be improved although it is grave
    escalation = models.PositiveSmallIntegerField(default=0)  # cached: the highest level that stands
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    # Of a merged case: the receipt of the main case before the merging, so that it can be taken back.
    main_received_at = models.DateTimeField(null=True, blank=True)
    import_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001 - NULLs must not collide

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["is_open", "due_at", "received_at"], name="open_cases_by_deadline"),
            models.Index(fields=["unit", "-received_at"], name="cases_of_a_unit"),
            models.Index(fields=["state", "-received_at"], name="cases_of_a_state"),
            models.Index(fields=["closed_at"], name="closed_cases"),
            # Behind the state: a statement prepared without its values cannot use a partial index.
            models.Index(fields=["state", "escalation"], name="raised_cases"),
            models.Index(fields=["state", "returned"], name="returned_cases"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseMessage(models.Model):
    """One contribution to a case: from the customer, to the customer, or internal."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=8)  # in out internal
    channel = models.CharField(max_length=16)
    body = models.TextField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.direction} {self.at:%F}"


class Assignment(models.Model):
    """Who was answerable for a case from when to when."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["from_at", "id"]

    def __str__(self) -> str:
        return f"{self.person}"


class Pause(models.Model):
    """A time in which the clocks of a case stood still: waiting for the customer or a third party."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20)
    expected = models.DateField(null=True, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["from_at", "id"]

    def __str__(self) -> str:
        return self.reason


class ClockResult(models.Model):
    """How one clock of a case ended; frozen when it stops, never moved afterwards."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clock_results")
    name = models.CharField(max_length=16)  # acknowledge respond resolve call_back
    cycle = models.PositiveSmallIntegerField(default=0)  # counts reopenings
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField()
    due_at = models.DateTimeField()
    used = models.DecimalField(max_digits=12, decimal_places=4)
    amount = models.PositiveIntegerField()
    amount_unit = models.CharField(max_length=14)
    met = models.BooleanField()
    provisional = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name", "cycle"], name="one_clock_result")]

    def __str__(self) -> str:
        return f"{self.name}: {'met' if self.met else 'missed'}"


class Solution(models.Model):
    """A proposed way to settle a case, and who approved it or sent it back."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="solutions")
    remedy = models.CharField(max_length=20)
    text = models.TextField()
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=12, blank=True)  # approved sent_back
    decision_reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)

    class Meta:
        ordering = ["proposed_at", "id"]

    def __str__(self) -> str:
        return self.remedy


class CallBack(models.Model):
    """One attempt to ask the customer whether it is really over, and what they said."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="call_backs")
    cycle = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16)  # see choices.OUTCOMES
    again_at = models.DateTimeField(null=True, blank=True)  # as agreed with who asked to be called later
    resolved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.outcome


class CaseImport(models.Model):
    """One file of cases from elsewhere, with the rows that could not be taken."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField()
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.file_name


access.scope(SuggestionBox, verb="cases.view", unit="unit")
access.scope(Case, verb="cases.view", unit="unit")
access.scope(CaseMessage, verb="cases.view", unit="case__unit")
access.scope(Solution, verb="cases.view", unit="case__unit")
access.scope(CallBack, verb="cases.view", unit="case__unit")
access.scope(CaseImport, verb="cases.register", unit="unit")
