"""The story of a case in time order, put together from the Event log, the messages, solutions and calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from manyi.cases import deliveries
from manyi.cases.actions import CASE_MESSAGE, CASE_REGISTERED
from manyi.cases.choices import FOUNDED, OUTCOMES, PAUSE_REASONS, REJECT_REASONS, REMEDIES, label_of
from manyi.cases.complainant_words import STARS
from manyi.cases.contact_reading import CONTACT_READ
from manyi.cases.describing import CASE_DESCRIBED, FIELDS
from manyi.cases.models import CallBack, Case, CaseMessage, PostFile, Rating, Solution
from manyi.cases.posts.words import UNFETCHED
from manyi.cases.step_actions import STEP_KINDS
from manyi.cases.workflow import MACHINE
from manyi.distribution.channels import CHANNELS
from manyi.distribution.models import Message
from manyi.kernel.labels import Label
from manyi.organisation.events import KINDS
from manyi.organisation.models import Event, Person

SAID = {
    "in": Label("顾客", "Customer"),
    "out": Label("致顾客", "To the customer"),
    "internal": Label("内部", "Internal"),
}
#: What a customer said on the telephone: no, yes.
ANSWERS = {
    "resolved": (Label("未解决", "not resolved"), Label("已解决", "resolved")),
    "satisfied": (Label("不满意", "not satisfied"), Label("满意", "satisfied")),
}
#: What is said of a letter that did not arrive, by the state of its message.
UNDELIVERED = {
    "failed": Label("未送达", "Not delivered"),
    "queued": Label("暂未送达,系统会再试", "Not delivered yet, tried again by itself"),
    "cancelled": Label("未送达,已用其他方式告知", "Not delivered, told otherwise"),
}
_STEP_OF = {kind.id: name for name, kind in STEP_KINDS.items()}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of words that went to the customer and did not arrive: in words, why, since when; ``open``:
    somebody has to do something about it."""

    letter: Message
    words: Label
    why: str
    at: datetime | None
    open: bool
    channel: Label


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened: what, who, when, the words that belong to it, and small facts."""

    at: datetime
    title: Label
    who: str = ""
    body: str = ""
    facts: tuple[Label, ...] = ()
    tone: str = "act"  # act in out internal
    delivery: Delivery | None = None
    files: Sequence[tuple[PostFile, Label | None]] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """The rows of one case by id, from which items take their words."""

    messages: Mapping[int, CaseMessage]
    solutions: Mapping[int, Solution]
    calls: Mapping[int, CallBack]
    ratings: Mapping[int, Rating]
    people: Mapping[int, Person]
    letters: Mapping[int, Message]
    files: Mapping[int, list[tuple[PostFile, Label | None]]]


def story(case: Case) -> list[Item]:
    """Everything that happened in a case, the oldest first."""
    events = list(
        Event.objects.filter(subject_type="cases.case", subject_id=str(case.pk))
        .exclude(kind=CONTACT_READ.id)  # shown apart, to those who may read the log
        .order_by("seq")
    )
    owners = {event.data["owner"] for event in events if "owner" in event.data}
    sources = Sources(
        {row.pk: row for row in case.messages.select_related("by")},
        {row.pk: row for row in case.solutions.select_related("proposed_by", "decided_by")},
        {row.pk: row for row in case.call_backs.select_related("by")},
        {row.pk: row for row in case.ratings.all()},
        Person.objects.in_bulk(owners),
        deliveries.sent_by(case, events),
        _files(case),
    )
    first = next((pk for pk, row in sources.messages.items() if row.direction == "in"), 0)
    for event in events:
        if event.kind == CASE_REGISTERED.id:  # the words with which the matter came
            event.data["message"] = first
    told = {event.data["message"] for event in events if "message" in event.data}
    items = [_of_event(event, sources) for event in events]
    rest = [row for row in sources.messages.values() if row.pk not in told]
    items += [_of_message(row, sources.files.get(row.pk, ())) for row in rest]
    return sorted(items, key=lambda item: item.at)


def _files(case: Case) -> dict[int, list[tuple[PostFile, Label | None]]]:
    """The files of posts that are fetched, by message, each with why it was not."""
    found: dict[int, list[tuple[PostFile, Label | None]]] = {}
    for row in PostFile.objects.filter(post__message__case=case).select_related("post"):
        why = label_of(UNFETCHED, row.reason) if row.reason else None
        found.setdefault(row.post.message_id or 0, []).append((row, why))
    return found


def _of_message(row: CaseMessage, files: Sequence[tuple[PostFile, Label | None]]) -> Item:
    title = SAID.get(row.direction, SAID["internal"])
    return Item(row.at, title, str(row.by or ""), row.body, tone=row.direction, files=files)


def _of_event(event: Event, sources: Sources) -> Item:
    message = sources.messages.get(event.data.get("message", 0))
    step = _STEP_OF.get(event.kind)
    title = MACHINE.transition(step).label if step else KINDS[event.kind].label
    if event.kind == CASE_MESSAGE.id and message is not None:
        title = SAID[message.direction]
    facts = (*_facts(event.data), *_corrected(event))
    owner = sources.people.get(event.data.get("owner", 0))
    if owner is not None:
        facts = (*facts, Label(f"承办人:{owner}", f"Handler: {owner}"))
    solution = sources.solutions.get(event.data.get("solution", 0))
    if step == "propose" and solution is not None and solution.cost:
        facts = (*facts, Label(f"费用 {solution.cost} 元", f"cost {solution.cost} yuan"))
    body = message.body if message else _words_of(step or "", event.data, sources)
    return Item(
        event.at,
        title,
        event.actor_label,
        body,
        facts,
        tone=message.direction if message else "act",
        delivery=_delivery(sources.letters.get(event.seq)),
        files=sources.files.get(message.pk, ()) if message else (),
    )


def _delivery(letter: Message | None) -> Delivery | None:
    """What is to be said of a letter; nothing of one that is on its way or there."""
    state = letter.state if letter else ""
    if letter is None or state not in UNDELIVERED or (state == "queued" and not letter.error):
        return None
    back = max((row.read_at for row in letter.returns.all() if row.verdict == "hard"), default=None)
    at = back or letter.claimed_at
    channel, words = CHANNELS.get(letter.channel).label, UNDELIVERED[state]
    if letter.kind == "acknowledgement":  # it stands below what the customer wrote
        words = Label(f"回执{words.zh}", f"Receipt: {words.en[0].lower()}{words.en[1:]}")
    return Delivery(letter, words, letter.error[:300], at, state == "failed", channel)


def _corrected(event: Event) -> list[Label]:
    """The fields that were corrected, by their names; the values stand in the Event log."""
    if event.kind != CASE_DESCRIBED.id:
        return []
    return [words for name, words in FIELDS.items() if name in event.after]


def _words_of(step: str, data: Mapping[str, Any], sources: Sources) -> str:
    """The words that were written with a step into a row of their own."""
    call = sources.calls.get(data.get("call", 0))
    rating = sources.ratings.get(data.get("rating", 0))
    if rating is not None:
        return rating.words
    solution = sources.solutions.get(data.get("solution", 0))
    if call is not None:
        return call.comment
    if solution is None:
        return ""
    by_step = {"propose": solution.text, "finish": solution.evidence}
    return by_step.get(step, solution.decision_reason)


def _facts(data: Mapping[str, Any]) -> tuple[Label, ...]:
    """The coded facts of an act in words."""
    tables = {
        "founded": FOUNDED,
        "remedy": REMEDIES,
        "waiting_for": PAUSE_REASONS,
        "outcome": OUTCOMES,
        "why": REJECT_REASONS,
    }
    facts = [label_of(choices, data[name]) for name, choices in tables.items() if data.get(name)]
    if data.get("expected"):
        facts.append(Label(f"预计 {data['expected']}", f"expected {data['expected']}"))
    facts += [words[bool(data[name])] for name, words in ANSWERS.items() if data.get(name) is not None]
    if data.get("stars"):
        words = dict(STARS)[data["stars"]]
        facts.append(Label(f"{data['stars']} 分 {words.zh}", f"{data['stars']} of 5 {words.en}"))
    if data.get("by_complainant"):
        facts.append(Label("顾客本人申请", "asked for by the complainant"))
    if data.get("into"):
        facts.append(Label(f"并入 {data['into']}", f"into {data['into']}"))
    return tuple(facts)
