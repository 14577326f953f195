"""Chat and social posts that came for the register: who may push them, and each as it came."""

from __future__ import annotations

from django.db import models

from manyi.cases.models.register import Case, CaseMessage, Category
from manyi.organisation import access
from manyi.organisation.models import Unit


class PostSource(models.Model):
    """A system that hands posts in: a chat tool, a collector of social media, WeCom."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)  # see posts.words.SOURCE_KINDS; also the channel of its cases
    case_kind = models.CharField(max_length=12, default="complaint")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40, unique=True)  # the unguessable part of the address
    secret = models.CharField(max_length=80)  # shown once, never booked
    signing = models.CharField(max_length=12, default="manyi")  # see posts.signing.SCHEMES
    mapping = models.JSONField(default=dict)  # see posts.mapping.FIELDS: {"text": "data.content"}
    file_hosts = models.JSONField(default=list)  # from where files may be fetched; none: they are only noted
    reply_url = models.CharField(max_length=200, blank=True)  # where answers are posted back to
    state = models.CharField(max_length=8, default="active")  # active paused removed
    refused = models.PositiveIntegerField(default=0)  # pushes without the right signature
    refused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class ReceivedPost(models.Model):
    """One push, noted before it was read; what came is its attachment.

    A post that was edited comes again under its ``external_id``: the later versions name the first.
    """

    source = models.ForeignKey(PostSource, on_delete=models.PROTECT, related_name="posts")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kept_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="kept", db_index=True)  # see posts.words.POST_STATES
    reason = models.CharField(max_length=20, blank=True)  # see posts.words.QUARANTINE
    detail = models.CharField(max_length=300, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of its words and files: tells an edit
    thread = models.CharField(max_length=120, blank=True)
    author = models.CharField(max_length=80, blank=True)
    author_id = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=300, blank=True)  # its beginning, for lists
    url = models.CharField(max_length=500, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    files = models.JSONField(default=list)  # addresses or media ids; which of them are fetched: PostFile
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="versions"
    )
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts")
    message = models.OneToOneField(
        CaseMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="post"
    )

    class Meta:
        ordering = ["-kept_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="one_post_of_a_body"),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=models.Q(state="message", same_as=None),
                name="one_post_of_an_id",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "kept_at"], name="posts_of_a_source"),
            models.Index(fields=["source", "external_id"], name="versions_of_a_post"),
            models.Index(fields=["source", "thread"], name="posts_of_a_thread"),
        ]

    def __str__(self) -> str:
        return self.text[:40] or self.sha256[:8]


class PostFile(models.Model):
    """One file of a post that its source allows to be fetched: waiting, kept with the case, or failed."""

    post = models.ForeignKey(ReceivedPost, on_delete=models.CASCADE, related_name="fetched")
    address = models.CharField(max_length=500)
    state = models.CharField(max_length=8, default="waiting")  # waiting kept failed
    reason = models.CharField(max_length=8, blank=True)  # see posts.words.UNFETCHED
    detail = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the file as the case keeps it

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["post", "address"], name="one_fetch_of_an_address")]
        indexes = [models.Index(fields=["state", "not_before"], name="files_to_fetch")]

    def __str__(self) -> str:
        return self.name or self.address[:80]


access.scope(PostSource, verb="settings.manage", unit="unit")
access.scope(ReceivedPost, verb="cases.dispatch", unit="source__unit")
access.scope(PostFile, verb="cases.view", unit="post__case__unit")
