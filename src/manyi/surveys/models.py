"""Plan and sample: programmes, questionnaires and schemes with their versions, rounds, draws."""

from __future__ import annotations

from django.db import models

from manyi.customers.models import Customer
from manyi.organisation import access
from manyi.organisation.models import Person, Unit


class Questionnaire(models.Model):
    """A questionnaire through all its versions."""

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="questionnaires")
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class QuestionnaireVersion(models.Model):
    """One version. ``definition`` is the tree of ``surveys.definition`` ; frozen once published."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(
        default=0
    )  # counts saves of a draft: two editors notice each other
    updated_at = models.DateTimeField()
    # Drafts saved before the last one, newest last, so that the editor can undo: [{"definition": …, "at": …}]
    history = models.JSONField(default=list)
    undone = models.JSONField(default=list)  # what was undone since the last save, in the same form
    # What became of codes of the version before: {"old": ["new", …]}; an empty list for what was dropped
    mapping = models.JSONField(default=dict)

    class Meta:
        ordering = ["questionnaire", "number"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "number"], name="one_version_number")]

    def __str__(self) -> str:
        return f"{self.questionnaire} v{self.number}"


class Scheme(models.Model):
    """A scoring scheme through all its versions; belongs to one questionnaire."""

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="schemes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class SchemeVersion(models.Model):
    """One version of a scheme: points, weights, bands, validity, targets (``measures.schemes.Scheme``)."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["scheme", "number"]
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="one_scheme_number")]

    def __str__(self) -> str:
        return f"{self.scheme} v{self.number}"


class Programme(models.Model):
    """A standing survey of the regulation: who is asked, how often, with what, and its rounds."""

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="programmes")
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField(blank=True)
    frequency = models.CharField(
        max_length=20, default="quarterly"
    )  # once monthly quarterly yearly continuous
    anonymous = models.BooleanField(default=False)
    privacy_promise = models.TextField(blank=True)
    privacy_promise_en = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """One wave of a programme with its frozen versions. States: ``surveys.workflow``."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rounds")
    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="rounds")
    scheme = models.ForeignKey(
        SchemeVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    state = models.CharField(max_length=12, default="planned")
    anonymous = models.BooleanField(default=False)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="one_round_number")]

    def __str__(self) -> str:
        return self.title


class Draw(models.Model):
    """One drawn sample: how, from which frame, with which seed, so that the same draw can be made again."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="draws")
    method = models.CharField(max_length=12)  # see draw_methods.METHODS
    filters = models.JSONField(default=dict)  # {"segments": […], "kind": "service", "from": …, "until": …}
    plan = models.JSONField(default=dict)  # what the method was told, see draw_methods.Plan
    seed = models.CharField(max_length=60, blank=True)
    frame_size = models.PositiveIntegerField()
    frame_hash = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sample_hash = models.CharField(max_length=64, blank=True)  # of the drawn ids, as frame_hash of the frame
    excluded = models.JSONField(default=dict)  # {"opted_out": 3, "no_contact": 1, "no_consent": 2}
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.method} {self.size}/{self.frame_size}"


class DrawRecord(models.Model):
    """The frame of a draw and who was left out, by id only: the proof stays when customer files change."""

    draw = models.OneToOneField(Draw, on_delete=models.CASCADE, related_name="record")
    listing = (
        models.BinaryField()
    )  # see draw_methods.Listing: ids in the order of the draw, with their groups
    left_out = models.JSONField(default=list)  # [[customer id, reason], …]

    def __str__(self) -> str:
        return f"record of draw {self.draw_id}"


class SampleMember(models.Model):
    """One customer drawn into one round, with their chance of it and for how many of the frame they stand.

    The weights of a draw sum to the size of its frame.
    """

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="members")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="members")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="samples")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    segments = models.JSONField(default=list)  # codes at the time of the draw
    product = models.CharField(max_length=40, blank=True)
    stratum = models.CharField(max_length=200, blank=True)
    probability = models.FloatField(default=1.0)
    weight = models.FloatField(default=1.0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "customer"], name="drawn_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.customer_id}"


class PreTest(models.Model):
    """A link by which testers try a draft; what they answer is never counted anywhere."""

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="pre_tests")
    token = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.label


class TrialRun(models.Model):
    """One tester's way through a draft. ``deleted_at`` hides it until publishing takes it away for good."""

    pre_test = models.ForeignKey(PreTest, on_delete=models.CASCADE, related_name="runs")
    key = models.CharField(max_length=40, unique=True)
    language = models.CharField(max_length=20, blank=True)
    answers = models.JSONField(default=dict)
    timings = models.JSONField(default=dict)  # seconds per section
    reached = models.CharField(max_length=64, blank=True)  # the last section that was opened
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "pk"]

    def __str__(self) -> str:
        return f"trial {self.pk}"


class TrialComment(models.Model):
    """What a tester says about one question, and when it was dealt with."""

    run = models.ForeignKey(TrialRun, on_delete=models.CASCADE, related_name="comments")
    question = models.CharField(max_length=64)
    text = models.TextField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.question


access.scope(Questionnaire, verb="surveys.view", unit="unit")
access.scope(QuestionnaireVersion, verb="surveys.view", unit="questionnaire__unit")
access.scope(Scheme, verb="surveys.view", unit="unit")
access.scope(SchemeVersion, verb="surveys.view", unit="scheme__unit")
access.scope(Programme, verb="surveys.view", unit="unit")
access.scope(Round, verb="surveys.view", unit="unit")
access.scope(Draw, verb="surveys.view", unit="round__unit")
access.scope(DrawRecord, verb="surveys.view", unit="draw__round__unit")
access.scope(SampleMember, verb="surveys.view", unit="unit")
access.scope(PreTest, verb="surveys.view", unit="version__questionnaire__unit")
access.scope(TrialRun, verb="surveys.view", unit="pre_test__version__questionnaire__unit")
access.scope(TrialComment, verb="surveys.view", unit="run__pre_test__version__questionnaire__unit")
