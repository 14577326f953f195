"""A post becomes a case of its own, or a word in the case of its conversation."""

from __future__ import annotations

from manyi.cases.actions import add_message, register
from manyi.cases.mail.places import language_of, near, note
from manyi.cases.mail.threads import is_over
from manyi.cases.models import Case, ReceivedPost
from manyi.cases.posts.answers import has_way_back
from manyi.cases.posts.mapping import MOST_CHARACTERS, Post
from manyi.cases.queries import main_of
from manyi.cases.workflow import OPEN_STATES
from manyi.customers.models import Customer
from manyi.customers.rules import BadContact, normalise
from manyi.kernel.labels import Label

NO_CONTACT = Label(
    "来源没有回复渠道,未发送受理告知;请用其他方式联系,或在原处答复。",
    "There is no way back to the author: nothing was sent. Reach them otherwise, or answer where they wrote.",
)
FILE, LINK = Label("附件:", "Attachment: "), Label("原帖:", "Post: ")
EDITED = Label("(原帖已修改)", "(the post was edited)")


def describe(row: ReceivedPost, post: Post) -> None:
    """Write down what a post says of itself."""
    row.external_id, row.thread, row.digest = post.id, post.thread, post.digest
    row.author, row.author_id, row.url = post.author, post.author_id, post.url
    row.text = (post.text or post.subject)[:300]
    row.posted_at, row.files = post.posted_at, list(post.files)


def bring(row: ReceivedPost, post: Post) -> None:
    """To the case of its conversation while that can still be answered, else to a new one."""
    before = _of_thread(row)
    if before is not None and _takes_more(row, before):
        _add(row, before, words_of(post))
    else:
        _begin(row, post, before)


def edited(row: ReceivedPost, post: Post) -> None:
    """A new version of a post is a new word in its case; where that is long over, a case of its own."""
    before = main_of(row.case) if row.case else None
    if before is None or is_over(before):
        _begin(row, post, before)
    else:
        _add(row, before, f"{EDITED.text(before.language)}\n{words_of(post)}")


def words_of(post: Post) -> str:
    """What a case keeps of a post: its words, the addresses of its files, and its own."""
    language = language_of(post.text)
    lines = [post.text or post.subject, *(f"{FILE.text(language)}{each}" for each in post.files)]
    if post.url:
        lines.append(f"{LINK.text(language)}{post.url}")
    return "\n".join(line for line in lines if line)[:MOST_CHARACTERS]


def _of_thread(row: ReceivedPost) -> Case | None:
    """The case to which the newest post of the same conversation went."""
    if not row.thread:
        return None
    rows = row.source.posts.filter(thread=row.thread, case__isnull=False).exclude(pk=row.pk)
    last = rows.select_related("case__unit").order_by("-pk").first()
    return main_of(last.case) if last and last.case else None


def _takes_more(row: ReceivedPost, case: Case) -> bool:
    """A conversation goes on in its case as mail does; with a person on WeCom only while it is open: they
    have one conversation for all their matters."""
    if row.source.kind == "wecom":
        return case.state in OPEN_STATES
    return not is_over(case)


def _add(row: ReceivedPost, case: Case, words: str) -> None:
    row.case = case
    row.message = add_message(actor=None, case=case, direction="in", body=words, channel=row.source.kind)


def _begin(row: ReceivedPost, post: Post, before: Case | None) -> None:
    customer = _customer_of(row, post)
    case = register(
        actor=None,
        unit=row.source.unit,
        kind=row.source.case_kind,
        channel=row.source.kind,
        subject=post.subject or post.text[:60],
        body=words_of(post),
        received_at=near(post.posted_at),
        category=row.source.category,
        customer=customer,
        contact_name=post.author or (customer.name if customer else ""),
        contact_phone=post.phone,
        contact_email=_address(post.email),
        language=language_of(post.text),
    )
    row.case, row.message = case, case.messages.order_by("pk")[0]
    if before is not None:
        note(
            case,
            Label(f"同一会话此前已有 {before.number}。", f"The conversation had {before.number} before."),
        )
    if not (case.contact_email or has_way_back(row)):
        note(case, NO_CONTACT)


def _address(given: str) -> str:
    """An e-mail address that can be one; else nothing: a post is not lost for a bad address."""
    try:
        return normalise("email", given)
    except BadContact:
        return ""


def _customer_of(row: ReceivedPost, post: Post) -> Customer | None:
    """The only customer file with one of these contacts; None when it is not certain which."""
    given = [("email", post.email), ("phone", post.phone)]
    if row.source.kind == "wecom":
        given = [("wecom", post.author_id)]
    for kind, text in given:
        if not text:
            continue
        try:
            same = normalise(kind, text)
        except BadContact:
            continue
        rows = Customer.objects.filter(contacts__kind=kind, contacts__normalised=same, merged_into=None)
        found = list(rows.distinct()[:2])
        if len(found) == 1:
            return found[0]
    return None
