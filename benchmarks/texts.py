"""Short texts through words, topics and sentiment of the word lists, per CPU second.

    python -m benchmarks.texts [--file FILE --column NAME] [--longest 40]

Without a file it reads the reviews beside the checkout (or in MANYI_SHARED_DATA). The bare limit is cutting
the same texts into words and nothing else.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

from manyi.analytics.data.files import read_file
from manyi.measures.text.grams import words_of
from manyi.measures.text.lexicon import taxonomies
from manyi.measures.text.themes import heard

SHARED = Path(os.environ.get("MANYI_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
REVIEWS = SHARED / "text" / "takeaway_waimai10k.train.csv.gz"
AIM = 42_000


def rate(texts: list[str], work: Callable[[str], object]) -> float:
    """Texts per CPU second, the best of three runs."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        for text in texts:
            work(text)
        times.append(time.process_time() - begun)
    return len(texts) / min(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path, default=REVIEWS)
    parser.add_argument("--column", default="review")
    parser.add_argument("--longest", type=int, default=40)
    asked = parser.parse_args()
    if not asked.file.exists():
        print(f"no texts at {asked.file}: name some with --file and --column")
        return
    texts = [text for text in read_file(asked.file).texts(asked.column) if 0 < len(text) <= asked.longest]
    taxonomy = taxonomies()["general"]
    heard(texts[0], taxonomy)
    words_of(texts[0])
    ours, bare = rate(texts, lambda text: heard(text, taxonomy)), rate(texts, words_of)
    print(f"{len(texts):,} texts of {sum(map(len, texts)) / len(texts):.0f} characters")
    print(f"  words + topics + sentiment {ours:9,.0f} texts per CPU second (aim {AIM:,})")
    print(f"  words alone, the bare limit{bare:9,.0f}: {bare / ours:.1f} times as many")


if __name__ == "__main__":
    main()
