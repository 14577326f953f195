"""Answer and score: answers from every channel, their flags, and what they scored."""

from __future__ import annotations

from django.db import models

from manyi.distribution.models import Invitation, OpenLink
from manyi.organisation import access
from manyi.organisation.models import Job, Person, Unit
from manyi.surveys.models import QuestionnaireVersion, Round, SchemeVersion

SOURCES = ("survey", "import", "mystery_visit", "observation", "interview", "social", "behaviour")


class Response(models.Model):
    """One set of answers. ``answers`` maps question code to value; ``set_aside`` keeps what the
    evaluator did not accept or found hidden, with the reason, so that nothing that a person gave is lost.

    ``segments`` and ``product`` are copied from the sample: figures do not move when a customer file does.
    In an anonymous round ``invitation`` is cut when the answers are submitted.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="responses")
    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    invitation = models.OneToOneField(
        Invitation, null=True, on_delete=models.SET_NULL, related_name="response"
    )
    open_link = models.ForeignKey(OpenLink, null=True, on_delete=models.SET_NULL, related_name="responses")
    source = models.CharField(max_length=16, default="survey")
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=40, unique=True)  # resumes a draft; unguessable
    import_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001 - NULLs must not collide
    seed = models.PositiveIntegerField(default=0)  # arranges options in random or rotated order, every time
    state = models.CharField(max_length=12, default="draft")  # draft submitted screened_out
    disposition = models.CharField(max_length=20, blank=True)  # why screened out: over_quota
    quotas = models.JSONField(default=list)  # ids of the quotas it falls into; it fills them while it counts
    language = models.CharField(max_length=20, blank=True)
    device = models.CharField(max_length=32, blank=True)  # keyed hash, the same within a round only
    answers = models.JSONField(default=dict)
    set_aside = models.JSONField(default=dict)  # {code: {"value": …, "reason": …}}
    timings = models.JSONField(default=dict)  # seconds per section
    segments = models.JSONField(default=list)
    product = models.CharField(max_length=40, blank=True)
    receipt = models.CharField(max_length=20, null=True, unique=True)  # noqa: DJ001 - drafts have none
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, db_index=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    flags = models.JSONField(default=list)  # ["speed", "straight_line"]
    valid = models.BooleanField(default=True)
    judged = models.JSONField(default=dict)  # {"by": id, "at": …, "why": …} when a person decided validity

    class Meta:
        indexes = [models.Index(fields=["round", "state"]), models.Index(fields=["round", "saved_at"])]

    def __str__(self) -> str:
        return self.receipt or f"draft {self.pk}"


class Score(models.Model):
    """What one response scored under one version of a scheme. ``total`` is exact to 6 decimals."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="scores")
    scheme = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    total = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    grade = models.CharField(max_length=20, blank=True)
    items = models.JSONField(default=dict)  # {item code: [points, satisfied]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "scheme"], name="one_score")]

    def __str__(self) -> str:
        return f"{self.total} {self.grade}"


class Doubt(models.Model):
    """One reason to doubt a set of answers, found by a rule of ``quality``; a person confirms or lifts it."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="doubts")
    rule = models.CharField(max_length=30)  # see quality.RULES
    reason = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300)
    state = models.CharField(max_length=10, default="open")  # open confirmed lifted
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["response", "rule"], name="one_doubt_by_rule")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.response_id}"


class Revision(models.Model):
    """What a set of answers said before it was completed or mended; the answers themselves are the newest."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="revisions")
    before = (
        models.JSONField()
    )  # {"answers", "set_aside", "flags", "valid", "judged", "total", "grade", "items"}
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=300)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"revision of {self.response_id}"


class FollowUp(models.Model):
    """Somebody to be contacted so that their answers become whole."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="follow_up")
    assignee = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    tries = models.JSONField(default=list)  # [{"at": …, "by": id, "note": …}]
    state = models.CharField(max_length=10, default="open")  # open done given_up
    at = models.DateTimeField()

    class Meta:
        ordering = ["state", "pk"]

    def __str__(self) -> str:
        return f"follow-up of {self.response_id}"


class PushSource(models.Model):
    """A survey on another platform that pushes its answers into a round."""

    link = models.OneToOneField(OpenLink, on_delete=models.PROTECT, related_name="push_source")
    platform = models.CharField(max_length=10)  # see push_formats.PLATFORMS
    key = models.CharField(max_length=40, unique=True)  # the unguessable part of the address
    secret = models.CharField(max_length=120, blank=True)
    mapping = models.JSONField(default=dict)  # {"q1": question code}

    def __str__(self) -> str:
        return f"{self.platform}: {self.link}"


class Push(models.Model):
    """One push, kept as it came before it was understood; the same one a second time is the same row."""

    source = models.ForeignKey(PushSource, on_delete=models.PROTECT, related_name="pushes")
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the body
    body = models.TextField()
    state = models.CharField(max_length=10, default="received")  # received taken failed
    problem = models.CharField(max_length=500, blank=True)
    problem_en = models.CharField(max_length=500, blank=True)
    response = models.ForeignKey(Response, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "pushes"
        constraints = [models.UniqueConstraint(fields=["source", "fingerprint"], name="one_push")]

    def __str__(self) -> str:
        return f"push {self.pk}"


class ResponseImport(models.Model):
    """One file of answers from elsewhere, with the rows that could not be taken."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="imports")
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


class Quota(models.Model):
    """How many answers of one kind a round wants. ``filled`` counts the submitted ones that are valid.

    It lives beside the answers, not beside the plan, because a quota that is added later counts those there.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="quotas")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    condition = models.TextField()  # over the answers and quota_rules.CONTEXT
    limit = models.PositiveIntegerField()
    filled = models.PositiveIntegerField(default=0)
    action = models.CharField(max_length=8, default="stop")  # see quota_rules.ACTIONS
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], condition=models.Q(active=True), name="one_active_quota_code"
            )
        ]

    def __str__(self) -> str:
        return self.title


class WeightSet(models.Model):
    """Weights of a round's valid answers, made once: ``steps`` says how, ``report`` how well it went."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="weight_sets")
    title = models.CharField(max_length=160)
    steps = models.JSONField()  # see weight_rules.Steps
    report = models.JSONField()  # see weight_rules.report_of
    weights = models.JSONField()  # {response id: weight}
    active = models.BooleanField(default=False)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(active=True), name="one_active_weight_set"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Sheet(models.Model):
    """One answer sheet that an interviewer filled in face to face; ``key`` is made on the device.

    However often a device sends a sheet, it is one row and one response.
    """

    key = models.UUIDField(unique=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    interviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    response = models.OneToOneField(Response, null=True, on_delete=models.SET_NULL, related_name="sheet")
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sheet {self.pk}"


class PaperRun(models.Model):
    """Numbered copies of a round's questionnaire on paper; ``seed`` chose those that two people enter."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="paper_runs")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=4, unique=True)
    language = models.CharField(max_length=10)
    percent_twice = models.PositiveSmallIntegerField(default=0)  # 0 none, 100 all
    seed = models.PositiveIntegerField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.prefix


class PaperCopy(models.Model):
    """One printed copy, perhaps for one invited person; ``twice`` says that two people enter it."""

    run = models.ForeignKey(PaperRun, on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveIntegerField()
    serial = models.CharField(max_length=20, unique=True)
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="papers")
    twice = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="out")  # see paper_rules.COPY_STATES
    response = models.OneToOneField(Response, null=True, on_delete=models.SET_NULL, related_name="paper")

    class Meta:
        ordering = ["run", "number"]
        verbose_name_plural = "paper copies"

    def __str__(self) -> str:
        return self.serial


class PaperEntry(models.Model):
    """What one person typed off a copy (``values`` by blank, tidied), or what was decided about two."""

    copy = models.ForeignKey(PaperCopy, on_delete=models.PROTECT, related_name="entries")
    place = models.PositiveSmallIntegerField()  # 1 and 2 the clerks, paper_rules.DECISION
    clerk = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["copy", "place"]
        verbose_name_plural = "paper entries"
        constraints = [
            models.UniqueConstraint(
                fields=["copy", "place"], condition=models.Q(undone_at=None), name="one_paper_entry_in_place"
            )
        ]

    def __str__(self) -> str:
        return f"entry {self.place} of {self.copy_id}"


access.scope(Response, verb="responses.view", unit="unit")
access.scope(Score, verb="responses.view", unit="response__unit")
access.scope(Doubt, verb="responses.view", unit="response__unit")
access.scope(Revision, verb="responses.view", unit="response__unit")
access.scope(FollowUp, verb="responses.view", unit="response__unit")
access.scope(PushSource, verb="surveys.view", unit="link__unit")
access.scope(Push, verb="surveys.view", unit="source__link__unit")
access.scope(ResponseImport, verb="responses.import", unit="round__unit")
access.scope(Quota, verb="surveys.view", unit="round__unit")
access.scope(WeightSet, verb="surveys.view", unit="round__unit")
access.scope(Sheet, verb="surveys.call", unit="unit")
access.scope(PaperRun, verb="surveys.call", unit="unit")
access.scope(PaperCopy, verb="surveys.call", unit="run__unit")
access.scope(PaperEntry, verb="surveys.call", unit="copy__run__unit")
