"""Aspects of texts with how each is spoken of, beside a linear baseline of scikit-learn on the same texts.

    python -m benchmarks.opinions [--peer-python PYTHON] [--encoder]

A split of the car forum beside the checkout (or in MANYI_SHARED_DATA), or of ``--file``: by text, so that no
text is on both sides. scikit-learn and jieba are no dependencies: the peer (``_opinions_peer``) runs where
this Python, or ``--peer-python`` (also MANYI_PEER_PYTHON), has them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._answers import answered

SHARED = Path(os.environ.get("MANYI_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FORUM = SHARED / "text" / "car_aspects_bdci2018.train.csv.gz"
Opinions = list[tuple[str, dict[str, str]]]


def ours(learnt: Opinions, judged: Opinions, *, encoder: bool) -> dict[str, float]:
    """The reader of the product, taught and asked."""
    from manyi.web.cli.encoding import encode_told
    from manyi.web.cli.opinions import opinions_said, opinions_told, trained_opinions
    from manyi.web.cli.text_scores import Judged

    begun = time.process_time()
    said = opinions_said(trained_opinions(learnt, encode_told if encoder else None), judged)
    told = opinions_told(Judged(len(learnt), judged, said))
    return {
        "aspects": told["aspects"]["micro_f1"],
        "both": told["micro_f1"],
        "low": told["interval"]["low"],
        "high": told["interval"]["high"],
        "given": told["given_the_aspect"]["accuracy"],
        "cpu": time.process_time() - begun,
    }


def beside(learnt: Opinions, judged: Opinions, python: str) -> dict[str, float]:
    """The peer in a process of its own; empty where it is not installed."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([learnt, judged], file)
        file.flush()
        words = [python, str(Path(__file__).with_name("_opinions_peer.py").resolve()), file.name]
        return answered(words)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path, default=FORUM)
    parser.add_argument("--columns", nargs=3, default=["content", "subject", "sentiment_value"])
    parser.add_argument("--peer-python", default=os.environ.get("MANYI_PEER_PYTHON", sys.executable))
    parser.add_argument("--encoder", action="store_true", help="the sentence encoder reads along")
    asked = parser.parse_args()
    if not asked.file.exists():
        print(f"no texts at {asked.file}: name some with --file and --columns")
        return
    from manyi.measures.text.unseen import split_by_text
    from manyi.web.cli.opinions import opinions_in

    texts = opinions_in(asked.file, *asked.columns)
    held = split_by_text([text for text, _ in texts]).tolist()
    learnt, judged = ([each for each, out in zip(texts, held, strict=True) if out == side] for side in (0, 1))
    print(f"{len(judged):,} texts judged, taught by {len(learnt):,}")
    tell("manyi", ours(learnt, judged, encoder=asked.encoder))
    tell("scikit-learn", beside(learnt, judged, asked.peer_python))


def tell(name: str, found: dict[str, float]) -> None:
    """Print the scores of one reader."""
    if not found:
        print(f"  {name} is not installed: no comparison (name a Python that has it: --peer-python)")
        return
    reach = f" ({found['low']:.3f}–{found['high']:.3f})" if "low" in found else ""
    told = f"aspects {found['aspects']:.4f}  with judgement {found['both']:.4f}{reach}"
    print(f"  {name:13} {told}  judgement of a given aspect {found['given']:.4f}  {found['cpu']:6.1f} CPU s")


if __name__ == "__main__":
    main()
