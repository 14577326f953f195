"""Units, persons, roles, the Event log, calendars, settings, attachments, background jobs."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from manyi.organisation.roles import Role


def _choices(enum: type[Role]) -> list[tuple[str, str]]:
    return [(role.value, role.label.zh) for role in enum]


class Unit(models.Model):
    """A node of the organisation's tree: group, dealership, department.

    ``path`` is the chain of ids from the root, ``/1/4/9/``: a subtree is one prefix comparison.
    """

    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, default="department")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=255, db_index=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """How many units stand above this one."""
        return self.path.count("/") - 2

    @property
    def lineage(self) -> list[int]:
        """The ids from the root down to this unit itself: where something may hold that holds here."""
        return [int(part) for part in self.path.split("/") if part]

    def contains(self, other: Unit) -> bool:
        """Whether ``other`` is this unit or stands below it."""
        return other.path.startswith(self.path)


class Person(AbstractUser):
    """A member of staff who can log in; customers are never persons."""

    display_name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["display_name"]

    def __str__(self) -> str:
        return self.display_name or self.username


class RoleGrant(models.Model):
    """One role of one person over one subtree."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=_choices(Role))
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="grants")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role", "unit"], name="one_grant")]

    def __str__(self) -> str:
        return f"{self.person}: {self.role} @ {self.unit}"


class Event(models.Model):
    """One act that happened. Append-only; ``hash`` covers every field and the hash of the row before.

    Holds codes and values of acts, never names, addresses or answers of customers: erasing a person must
    not have to touch this table.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=120)
    kind = models.CharField(max_length=60, db_index=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"#{self.seq} {self.kind} {self.subject_label}"


class EventCursor(models.Model):
    """How far one subscriber has read the log."""

    consumer = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.consumer} at {self.seq}"


class EventFailure(models.Model):
    """An event that a subscriber could not digest after several tries; kept for a person to look at."""

    consumer = models.CharField(max_length=80)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="failures")
    error = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.consumer} failed on #{self.event_id}"


class WorkCalendar(models.Model):
    """Working hours of a unit and everything below it that has no calendar of its own.

    ``weekly`` is seven lists (Monday first) of [start, end] minutes of the day.
    """

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="calendar")
    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=50, default="Asia/Shanghai")
    weekly = models.JSONField()

    def __str__(self) -> str:
        return self.name


class CalendarYear(models.Model):
    """Whether the exceptions of a year are official, provisional or not there yet."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "year"], name="one_calendar_year")]

    def __str__(self) -> str:
        return f"{self.calendar} {self.year}: {self.status}"


class CalendarDay(models.Model):
    """One date that differs from the week: a holiday, or a weekend day that is worked (调休)."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    working = models.BooleanField()
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_calendar_day")]

    def __str__(self) -> str:
        return f"{self.date} {'working' if self.working else 'rest'}"


class Setting(models.Model):
    """A value that the organisation chose for one of the declared settings."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.key


class Attachment(models.Model):
    """A file kept as it came, named by its SHA-256, and tied to the thing that it belongs to."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """Long work that goes on when the page is closed: what is done, what is left, how it ended."""

    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=12, default="waiting")  # waiting running done failed stopped
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.JSONField(default=dict)  # {"zh": …, "en": …}
    parameters = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    stop_asked = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True, blank=True)  # last sign of life of the process that runs it
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"


class RecurringRun(models.Model):
    """When a recurring job last ran."""

    name = models.CharField(max_length=80, primary_key=True)
    last_run = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class NumberSequence(models.Model):
    """The last number given in one sequence; one sequence per kind of thing and year."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class CalendarAddress(models.Model):
    """The private address at which a person's calendar program reads what is due; only its hash is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar_address")
    token_hash = models.CharField(max_length=64, unique=True)
    reminder = models.PositiveSmallIntegerField(default=0)  # minutes ahead; 0: none
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)  # by the hour

    def __str__(self) -> str:
        return f"{self.person}"


class CalendarEntry(models.Model):
    """One due date as it was last told to a calendar program, so that it hears of changes and of the end."""

    address = models.ForeignKey(CalendarAddress, on_delete=models.CASCADE, related_name="entries")
    key = models.CharField(max_length=40)  # case-17
    uid = models.CharField(max_length=80, unique=True)
    words = models.CharField(max_length=120)
    at = models.DateTimeField(null=True, blank=True)
    on = models.DateField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545, 3.8.7.4
    changed_at = models.DateTimeField()
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "key"], name="one_entry_of_a_key")]

    def __str__(self) -> str:
        return self.words
