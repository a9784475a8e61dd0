"""The tokenizer of several languages: which pieces are kept, and its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC
from tokenizers.pre_tokenizers import Metaspace, WhitespaceSplit
from tokenizers.pre_tokenizers import Sequence as Steps
from tokenizers.processors import TemplateProcessing

from nlp.training.pieces import WESTERN

START, PAD, END, UNKNOWN = "<s>", "<pad>", "</s>", "<unk>"
SPECIAL = (START, PAD, END, UNKNOWN)
"""The first pieces, in this order, whatever else is kept."""

Pieces = Sequence[tuple[str, float]]


def piece_tokenizer(pieces: Pieces) -> Tokenizer:
    """A unigram tokenizer; what follows a question is of type 1, as the reader gives it.

    A text is `<s> text </s>`; after a question it is `<s> question </s> text </s>`.
    """
    vocabulary = [(piece, round(score, 4)) for piece, score in pieces]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=SPECIAL.index(UNKNOWN)))
    tokenizer.normalizer = NFKC()
    # split first: else a word would begin at the space before it, in the clause before
    tokenizer.pre_tokenizer = Steps([WhitespaceSplit(), Metaspace()])
    tokenizer.post_processor = TemplateProcessing(
        single=f"{START} $A {END}",
        pair=f"{START} $A {END} $B:1 {END}:1",
        special_tokens=[(START, SPECIAL.index(START)), (END, SPECIAL.index(END))],
    )
    return tokenizer


def piece_counts(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    """How often each piece is used in the texts."""
    found: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        found.update(encoding.ids)
    return found


def kept_pieces(pieces: Pieces, counts: Mapping[int, float], most: int) -> list[int]:
    """The ids of at most so many pieces: the special ones, single characters, the commonest.

    The characters of western languages stay, and those that were seen, whatever their rank, so
    that a rare word falls into its letters and does not become unknown.
    """
    special = list(range(len(SPECIAL)))
    ids = {text: i for i, (text, _) in enumerate(pieces)}
    seen = {c for i in counts for c in pieces[i][0] if i >= len(SPECIAL)}
    letters = {ids[c] for c in seen | WESTERN if c in ids}
    ranked = sorted(counts, key=lambda i: (-counts[i], i))
    rest = [i for i in ranked if i not in letters and i >= len(SPECIAL)]
    room = max(0, most - len(special) - len(letters))
    return special + sorted([*letters, *rest[:room]])
