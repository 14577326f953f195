"""What the open answers of a round say: aspects, quotes, what rises, by group, what to label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from manyi.analytics import engine
from manyi.analytics.comparison import segment_names
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.models import TextLabel, TextModel
from manyi.analytics.reading import Reading, reading
from manyi.analytics.rules import hidden_groups
from manyi.analytics.text_reading import Reading as Read
from manyi.analytics.text_reading import industry
from manyi.analytics.text_reading import read_texts as read
from manyi.analytics.views import Filters
from manyi.kernel.labels import Label
from manyi.measures.effects import share_test
from manyi.measures.figure import Figure
from manyi.measures.indicators import ShareSums
from manyi.measures.text.classifier import TextClassifier
from manyi.measures.text.lexicon import Taxonomy
from manyi.measures.text.masking import masked
from manyi.measures.text.phrases import Phrase, Rise, phrases, rising
from manyi.measures.text.similar import grouped, representative
from manyi.measures.text.themes import NEGATIVE, NEUTRAL, POSITIVE
from manyi.surveys.models import Round

#: So many texts are read for a page; the newest come first.
MOST = 5_000
QUOTES = 3
TO_LABEL = 10
#: Among so many of the least certain those that say the same are found.
CANDIDATES = 300
#: Shorter texts teach nothing.
SHORTEST = 3
#: A difference with a smaller p is more than chance.
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class AspectLine:
    """One aspect: the share of texts that name it, their tone, and the share of the round before."""

    id: str
    title: Label
    share: Figure
    positive: int
    neutral: int
    negative: int
    before: Figure | None = None
    beyond_chance: bool = False
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupShares:
    """One group: how many texts it wrote, and the share naming each aspect; None where too few."""

    title: Label
    n: int
    shares: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class TextView:
    """What a page of texts shows: ``read`` texts, with ``newest`` only the newest of more; ``decided`` is the
    share of them with a sure sentiment.
    """

    read: int
    newest: bool
    sentiments: Mapping[str, int]
    decided: float
    lines: tuple[AspectLine, ...]
    groups: tuple[GroupShares, ...]
    hidden: int
    phrases: tuple[Phrase, ...]
    rising: tuple[Rise, ...]
    taxonomy: Taxonomy
    model: TextModel | None


def text_view(
    *, round: Round, roots: Sequence[str], filters: Filters, field: str, language: str = "zh"
) -> TextView:
    """What the open answers of a round say to a reader of the units under ``roots``.

    ``field`` names the industry whose words are looked for. Below the privacy minimum nothing is shown.
    """
    taxonomy, row = industry(field), TextModel.objects.filter(active=True).first()
    model = TextClassifier.from_bytes(bytes(row.data)) if row else None
    found = _texts(round, roots, filters)
    now = found[:MOST]
    before = _texts_before(round, roots, filters)
    said = read([text for _, _, text in now], taxonomy, model)
    earlier = read([text for _, _, text in before], taxonomy, model)
    written: dict[int, list[Read]] = {}  # one person may answer several open questions
    for (response, _, _), each in zip(now, said, strict=True):
        written.setdefault(response, []).append(each)
    groups, hidden = _by_segment(round, roots, filters, written)
    counts = Counter(each.sentiment for each in said)
    decided = sum(counts[name] for name in (POSITIVE, NEUTRAL, NEGATIVE))
    words = [each.text for each in said]
    return TextView(
        read=len(said),
        newest=len(found) > MOST,
        sentiments=counts,
        decided=decided / len(said) if said else 0.0,
        lines=_lines(said, earlier, taxonomy, language),
        groups=groups,
        hidden=hidden,
        phrases=tuple(phrases(words, most=20)),
        rising=tuple(rising([each.text for each in earlier], words)[:8]),
        taxonomy=taxonomy,
        model=row,
    )


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """A text to label, masked, with what is thought of it and how surely."""

    response: int
    question: str
    text: str
    sentiment: str
    sure: float


def to_label(*, round: Round, roots: Sequence[str], language: str = "zh") -> list[Unlabelled]:
    """The texts of a round of which the reader is least sure and that nobody labelled, each text once."""
    known = set(TextLabel.objects.filter(response__round=round).values_list("response_id", "question"))
    rows = [row for row in _texts(round, roots, Filters()) if row[:2] not in known]
    row = TextModel.objects.filter(active=True).first()
    model = TextClassifier.from_bytes(bytes(row.data)) if row else None
    said = read([text for _, _, text in rows], industry("general"), model, least=0.0)
    pairs = [pair for pair in zip(rows, said, strict=True) if len(pair[1].text) > SHORTEST]
    ordered = sorted(pairs, key=lambda pair: pair[1].sure)[:CANDIDATES]
    numbers = grouped([each.text for _, each in ordered])
    first = {int(number): pair for number, pair in zip(numbers[::-1], ordered[::-1], strict=True)}
    return [
        Unlabelled(response, question, masked(text, language), each.sentiment, each.sure)
        for (response, question, text), each in (first[number] for number in sorted(first)[:TO_LABEL])
    ]


def _texts(round: Round, roots: Sequence[str], filters: Filters) -> list[tuple[int, str, str]]:
    """(response, question, text), newest first, one more than are read; none of a group that is too small."""
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        if not open_round.permits(filters):
            return []
        condition = open_round.condition(filters)
        return engine.text_rows(open_round.connection, open_round.book, condition, limit=MOST + 1)


def _texts_before(round: Round, roots: Sequence[str], filters: Filters) -> list[tuple[int, str, str]]:
    earlier = Round.objects.filter(programme=round.programme_id, number__lt=round.number)
    last = earlier.filter(state__in=["open", "closed"]).order_by("-number").first()
    alike = Filters(unit=filters.unit, segment=filters.segment, channel=filters.channel)
    return _texts(last, roots, alike) if last else []


def _lines(
    said: Sequence[Read], earlier: Sequence[Read], taxonomy: Taxonomy, language: str
) -> tuple[AspectLine, ...]:
    lines = []
    for aspect in taxonomy.aspects:
        held = [each for each in said if any(m.aspect == aspect.id for m in each.mentions)]
        if not held:
            continue
        told = Counter(m.polarity for each in held for m in each.mentions if m.aspect == aspect.id)
        now, was = _sums(said, aspect.id), _sums(earlier, aspect.id)
        bad = [
            e.text for e in held if any((m.aspect, m.polarity) == (aspect.id, NEGATIVE) for m in e.mentions)
        ]
        pool = bad or [each.text for each in held]
        quotes = tuple(masked(pool[place], language) for place in representative(pool, count=QUOTES))
        lines.append(
            AspectLine(
                aspect.id,
                aspect.label,
                now.figure(f"text:{aspect.id}"),
                told[POSITIVE],
                told[NEUTRAL],
                told[NEGATIVE],
                was.figure(f"text:{aspect.id}") if was.valid else None,
                _beyond_chance(was, now),
                quotes,
            )
        )
    return tuple(sorted(lines, key=lambda line: -line.share.value if line.share.value else 0))


def _beyond_chance(was: ShareSums, now: ShareSums) -> bool:
    test = share_test(was, now) if was.valid else None
    return test is not None and test.p is not None and test.p < CHANCE


def _sums(said: Sequence[Read], aspect: str) -> ShareSums:
    hits = sum(any(mention.aspect == aspect for mention in each.mentions) for each in said)
    return ShareSums(len(said), len(said), hits)


def _by_segment(
    round: Round, roots: Sequence[str], filters: Filters, said: Mapping[int, list[Read]]
) -> tuple[tuple[GroupShares, ...], int]:
    """The shares of each segment; small ones, and those that would give them away, are left out."""
    with reading(round, roots) as open_round:
        members = {
            code: _members(open_round, filters, code) & said.keys() for code in open_round.book.segments
        }
        # People are protected, not texts: a group counts by those who wrote.
        hidden = hidden_groups({code: len(held) for code, held in members.items()}, open_round.minimum)
    names = segment_names()
    aspects = {mention.aspect for texts in said.values() for each in texts for mention in each.mentions}
    shown = []
    for code, held in members.items():
        if held and code not in hidden:
            texts = [each for response in held for each in said[response]]
            shares = {name: _sums(texts, name).figure(f"text:{name}") for name in aspects}
            shown.append(GroupShares(names.get(code, Label(code, code)), len(texts), shares))
    return tuple(shown), len(hidden)


def _members(open_round: Reading, filters: Filters, code: str) -> set[int]:
    if filters.segment:
        return set()
    condition = open_round.condition(replace(filters, segment=code))
    total = engine.count(open_round.store, condition)
    return set(engine.responses(open_round.connection, condition, offset=0, limit=total))
