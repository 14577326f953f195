"""Where the columnar snapshot of a round stands, and what people taught about its texts."""

from __future__ import annotations

from django.db import models

from manyi.analytics.benchmark_rules import KINDS
from manyi.organisation import access
from manyi.organisation.models import Person, Unit
from manyi.responses.models import Response
from manyi.surveys.models import Programme, Round


class Snapshot(models.Model):
    """The Parquet parts of one round, and the codes that their columns use.

    ``stale`` asks for newly submitted responses to be added; ``rebuild`` for all parts to be written anew,
    because a response that is already in them was changed or taken away. ``weight_set`` is the set of weights
    that the parts hold: another one in use asks for all parts anew, too.
    """

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="snapshot")
    generation = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=list)  # names, in the order in which they were written
    rows = models.PositiveIntegerField(default=0)
    stale = models.BooleanField(default=False)
    rebuild = models.BooleanField(default=False)
    codebook = models.JSONField(default=dict)
    weight_set = models.PositiveBigIntegerField(null=True)  # a key only: the set may go, its number stays
    written_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.round} generation {self.generation}"


SENTIMENTS = [("positive", "positive"), ("neutral", "neutral"), ("negative", "negative")]


class TextLabel(models.Model):
    """What a person said of one open answer; the text itself stays in the response, and goes with it."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="text_labels")
    question = models.CharField(max_length=64)
    sentiment = models.CharField(max_length=16, choices=SENTIMENTS)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="one_label_a_text")]

    def __str__(self) -> str:
        return f"{self.sentiment} {self.question} of response {self.response_id}"


class TextModel(models.Model):
    """A model trained on the organisation's own labels, with its scorecard on texts that it did not see."""

    data = models.BinaryField()
    labels = models.PositiveIntegerField()
    scorecard = models.JSONField()
    active = models.BooleanField(default=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=models.Q(active=True), name="one_active_text_model"
            )
        ]

    def __str__(self) -> str:
        return f"text model of {self.labels} labels"


class SavedAnalysis(models.Model):
    """A question with a name. ``specification`` is the whole of it; with ``newest`` its round is the newest
    of the programme each time it is asked. ``in_reports`` puts it into the reports on its rounds."""

    title = models.CharField(max_length=120)
    specification = models.JSONField()
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="saved_analyses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    newest = models.BooleanField(default=False)
    in_reports = models.BooleanField(default=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Benchmark(models.Model):
    """A figure of somebody else, or a goal, to stand beside one's own: in points, or in per cent for shares.

    ``metric`` is a headline (``total_mean``, ``csat``, ``nps``) or ``item:CODE``. It holds from ``since`` to
    ``until``; n and interval are empty where the source does not tell them.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="benchmarks")
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    name = models.CharField(max_length=80)
    metric = models.CharField(max_length=80)
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField(null=True)
    since = models.DateField()
    until = models.DateField()
    source = models.CharField(max_length=200)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["metric", "kind", "name", "-until", "pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.metric} {self.value:g}"


access.scope(SavedAnalysis, verb="insight.view", unit="unit")
access.scope(Benchmark, verb="surveys.edit", unit="programme__unit")
