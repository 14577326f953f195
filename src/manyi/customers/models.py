"""Customer files: the frame from which samples are drawn, and the parties of cases."""

from __future__ import annotations

from django.db import models

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Job, Person, Unit

CONTACT_KINDS = {
    "email": Label("邮箱", "E-mail"),
    "phone": Label("手机", "Phone"),
    "wechat": Label("微信", "WeChat"),
    "wecom": Label("企业微信账号", "WeCom user id"),
    "dingtalk": Label("钉钉账号", "DingTalk user id"),
    "feishu": Label("飞书账号", "Feishu user id"),
}
TRANSACTION_KINDS = {"purchase": Label("购买", "Purchase"), "service": Label("服务", "Service")}


class Segment(models.Model):
    """A class of customers that is asked about or compared: new owner, fleet, VIP."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What was bought or served: a model of car, a ward, a flat."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """One customer of one unit. ``pseudonym`` stands for them wherever a name must not appear."""

    code = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="customers")
    name = models.CharField(max_length=120, blank=True)
    organisation_name = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=10, blank=True)
    pseudonym = models.CharField(max_length=20, unique=True)
    segments = models.ManyToManyField(Segment, blank=True, related_name="customers")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="one_customer_code")]

    def __str__(self) -> str:
        return self.name or self.pseudonym


class ContactPoint(models.Model):
    """One way to reach a customer; ``normalised`` is what duplicates and opt-outs are compared by."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=200)
    normalised = models.CharField(max_length=200, db_index=True)
    preferred = models.BooleanField(default=False)
    undeliverable_at = models.DateTimeField(null=True, blank=True)  # since when nothing arrives there
    undeliverable_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "kind", "normalised"], name="one_contact")]

    def __str__(self) -> str:
        return self.value


class Consent(models.Model):
    """What a customer agreed to or refused, when, and where we know it from; the newest row counts."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40, default="survey")
    granted = models.BooleanField()
    source = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.purpose}: {'yes' if self.granted else 'no'}"


class OptOut(models.Model):
    """A contact that must not be asked again. Kept as a keyed hash, so it outlives the erased customer
    and a new import of the same address."""

    contact_hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    source = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.kind} opt-out"


class Transaction(models.Model):
    """A purchase or a service that a survey can ask about."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="transactions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12)
    reference = models.CharField(max_length=60, blank=True)
    on = models.DateField(db_index=True)

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class CustomerImport(models.Model):
    """One file of customers: the raw file (an attachment), the mapping, and what became of each row."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="mapping")  # mapping previewed running done failed
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)  # [{"row": 3, "field": "手机", "zh": …, "en": …}]
    rejected = models.JSONField(default=list)  # the rows with errors, as they came, for correction
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.file_name


access.scope(Customer, verb="customers.view", unit="unit")
access.scope(CustomerImport, verb="customers.edit", unit="unit")
