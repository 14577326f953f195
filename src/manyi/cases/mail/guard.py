"""What keeps two machines from answering each other for ever: limits per address and day."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings as django_settings

from manyi.cases.mail.reading import Letter
from manyi.cases.models import Case, MailBox, ReceivedMail
from manyi.distribution.models import Message
from manyi.kernel.labels import Label
from manyi.organisation import clock, settings

DAY = timedelta(days=1)
settings.declare(
    "cases.mails_per_day",
    Label("同一地址每天最多收信", "Mails taken from one address in a day"),
    Label("超过的来信只保存,不登记。", "What is more is kept, but not registered."),
    "number",
    40,
    low=1,
    high=10_000,
)
settings.declare(
    "cases.receipts_per_day",
    Label("同一地址每天最多自动告知", "Automatic receipts to one address in a day"),
    Label("防止自动回复之间没完没了。", "Keeps two machines from answering each other for ever."),
    "number",
    10,
    low=1,
    high=1_000,
)


def is_own(letter: Letter) -> bool:
    """Whether the mail was sent by us: from our own address or from one of our boxes."""
    ours = parseaddr(django_settings.DEFAULT_FROM_EMAIL)[1].lower()
    return letter.sender == ours or MailBox.objects.filter(address=letter.sender).exists()


def too_many(letter: Letter) -> bool:
    """Whether this address wrote as often in the last 24 hours as one address may."""
    rows = ReceivedMail.objects.filter(sender=letter.sender, kept_at__gt=clock.now() - DAY)
    most: int = settings.value("cases.mails_per_day")
    return rows.filter(state="message").count() >= most


def may_acknowledge(case: Case) -> bool:
    """Whether a case may be acknowledged by itself: not to a sender who asked for silence, nor too often."""
    if case.mails.filter(silent=True).exists():
        return False
    sent = Message.objects.filter(kind="acknowledgement", recipient__iexact=case.contact_email)
    recent = sent.filter(created_at__gt=clock.now() - DAY).count()
    return bool(recent < settings.value("cases.receipts_per_day"))
