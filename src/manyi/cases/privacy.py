"""The cases of one person: handed out with their data; the contact goes when they are erased."""

from __future__ import annotations

from typing import Any

from manyi.cases import word_index
from manyi.cases.models import Case, ReceivedMail, ReceivedPost
from manyi.customers import actions as customers
from manyi.customers import privacy
from manyi.customers.models import Customer
from manyi.organisation import attachments


def cases_of(customer: Customer) -> list[dict[str, Any]]:
    """What the person asked for, and what they were told."""
    return [
        {
            "number": case.number,
            "received_at": case.received_at.isoformat(),
            "contact": [case.contact_name, case.contact_phone, case.contact_email],
            "subject": case.subject,
            "demand": case.demand,
            "messages": [
                {"direction": message.direction, "body": message.body, "at": message.at.isoformat()}
                for message in case.messages.exclude(direction="internal")
            ],
            "mails": [
                {"at": mail.kept_at.isoformat(), "sender": mail.sender, "subject": mail.subject}
                for mail in case.mails.all()
            ],
            "posts": [
                {"at": post.kept_at.isoformat(), "author": post.author, "url": post.url}
                for post in case.posts.all()
            ],
            "ratings": [{"stars": row.stars, "words": row.words} for row in case.ratings.all()],
        }
        for case in Case.objects.filter(customer=customer).prefetch_related(
            "messages", "ratings", "mails", "posts"
        )
    ]


def forget_contact(customer: Customer) -> int:
    """Take the contact out of the person's cases, and their mails and posts as they came; the matter is
    the organisation's record and stays."""
    rows = Case.objects.filter(customer=customer)
    for mail in ReceivedMail.objects.filter(case__in=rows):
        attachments.discard(mail)
        mail.sender, mail.sender_name, mail.correspondents = "", "", []
        mail.save(update_fields=["sender", "sender_name", "correspondents"])
    for post in ReceivedPost.objects.filter(case__in=rows):
        attachments.discard(post)
        post.fetched.all().delete()  # their addresses; the files are the case's
        post.author, post.author_id, post.thread, post.text, post.url, post.files = "", "", "", "", "", []
        post.save(update_fields=["author", "author_id", "thread", "text", "url", "files"])
    forgotten = rows.update(contact_name="", contact_phone="", contact_email="")
    word_index.enter(rows)
    return forgotten


def move(keep: Customer, drop: Customer) -> int:
    """Cases go to the file that stays."""
    return Case.objects.filter(customer=drop).update(customer=keep)


privacy.COLLECTORS["cases"] = cases_of
privacy.ERASERS["cases"] = forget_contact
customers.MOVERS["cases"] = move
