"""Yes and no as people write them."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.answers import NotUnderstood, Parsed, Reading, Reason
from surveys.language_pack import LANGUAGES, Pack, own_pack, pack
from surveys.replies.comment import comment_around
from surveys.replies.spelling import squeezed
from surveys.replies.text import Tidy, plain, tidy
from surveys.replies.tokens import Token, mark_at, tokens

YES_SIGNS = frozenset("\U0001f44d\u2705\u2714\u2611\U0001f44c")
NO_SIGNS = frozenset("\U0001f44e\u274c\u2716\u274e\U0001f6ab")
LONGEST = 6
MOST_WORDS_TO_TURN = 4


def read_yes_no(text: str, language: str) -> Reading:
    """True or false and the words after it, or why it is neither."""
    tidied, known = tidy(text), pack(language)
    if not tidied.text.strip():
        return NotUnderstood(Reason.EMPTY)
    if plain(text) in known.unsure or _slashed(tidied):
        return NotUnderstood(Reason.AMBIGUOUS)
    found = tokens(tidied, known)
    read = _said(tidied, found, known) or _signs(tidied, found, known)
    read = read or _in_any_language(text) or _drawn_out(text, known)
    return read or NotUnderstood(Reason.NO_ANSWER)


def _slashed(tidied: Tidy) -> bool:
    return "".join(tidied.text.lower().split()) in ("yes/no", "y/n", "no/yes", "n/y")


def _signs(tidied: Tidy, found: Sequence[Token], known: Pack) -> Reading | None:
    """An answer by emoji that stand first: thumbs, ticks and crosses."""
    first = next((place for place, token in enumerate(found) if not token.is_mark), len(found))
    signs = {mark_at(tidied, token) for token in found[:first]}
    yes, no = bool(signs & YES_SIGNS), bool(signs & NO_SIGNS)
    if yes and no:
        return NotUnderstood(Reason.AMBIGUOUS)
    end = found[first - 1].end if first else 0
    return Parsed(yes, comment_around(tidied, 0, end, known)) if yes or no else None


def _said(tidied: Tidy, found: Sequence[Token], known: Pack) -> Reading | None:
    """The longest words for yes, no or neither at the start, or after words that lead there."""
    spoken = [token for token in found if not token.is_mark]
    for skipped in range(len(spoken)):
        if any(token.word not in known.yes_no_lead for token in spoken[:skipped]):
            return None
        for size in range(min(LONGEST, len(spoken) - skipped), 0, -1):
            stretch = spoken[skipped : skipped + size]
            read = _judge(tidied, found, stretch, known)
            if read is not None:
                return read
    return None


def _judge(
    tidied: Tidy, found: Sequence[Token], stretch: Sequence[Token], known: Pack
) -> Reading | None:
    said = _said_by(stretch)
    if said in known.unsure and not _parted(found, stretch):
        return NotUnderstood(Reason.AMBIGUOUS)
    yes = said in known.yes
    if not yes and said not in known.no:
        return None
    end = _repeats(found, stretch[-1].end, known.yes if yes else known.no, known)
    if not _free_standing(found, stretch, end, known):
        return None
    if _turns(found, end, known.no if yes else known.yes):
        return NotUnderstood(Reason.AMBIGUOUS)
    return Parsed(yes, comment_around(tidied, 0, end, known))


def _said_by(stretch: Sequence[Token]) -> str:
    return " ".join(token.word for token in stretch)


def _parted(found: Sequence[Token], stretch: Sequence[Token]) -> bool:
    """Whether a mark stands among the words: "yes, no problems" isn't "yes no"."""
    start, end = stretch[0].start, stretch[-1].end
    return any(token.is_mark and start < token.start < end for token in found)


def _repeats(found: Sequence[Token], end: int, same: frozenset[str], known: Pack) -> int:
    """Where saying the same once more ends: "yes yes yes", "no it did not"."""
    rest = [token for token in found if token.start >= end and not token.is_mark]
    while rest:
        sizes = range(min(LONGEST, len(rest)), 0, -1)
        size = next((size for size in sizes if _said_by(rest[:size]) in same), 0)
        tells = size > 1 and rest[0].word not in known.yes_no_lead  # "not yet" is news
        if not size or tells:
            return end
        end, rest = rest[size - 1].end, rest[size:]
    return end


def _turns(found: Sequence[Token], end: int, opposite: frozenset[str]) -> bool:
    """Whether a few words later the opposite is said, and nothing after it."""
    rest = [token for token in found if token.start >= end and not token.is_mark]
    return 0 < len(rest) <= MOST_WORDS_TO_TURN and rest[-1].word in opposite


def _free_standing(found: Sequence[Token], stretch: Sequence[Token], end: int, known: Pack) -> bool:
    """Everyday words ("right", "ok", "it was") answer only when they are set apart.

    `yes` and `no` themselves may run on: "no it is still broken".
    """
    rest = [token for token in found if token.start >= end]
    if not rest or rest[0].is_mark or rest[0].word in known.joins:
        return True
    if all(token.word in known.fillers for token in rest):
        return True
    return len(stretch) == 1 and stretch[0].word in known.yes_no_runs_on


def _in_any_language(text: str) -> Reading | None:
    """A lone yes or no of another language, where all that know it agree."""
    said = plain(text)
    if " " in said or len(said) < 2:
        return None
    packs = [own_pack(language) for language in LANGUAGES]
    yes = any(said in one.yes for one in packs)
    no = any(said in one.no for one in packs)
    return Parsed(yes) if yes != no else None


def _drawn_out(text: str, known: Pack) -> Reading | None:
    """A lone yes or no with letters doubled: "jaa", "siim"."""
    said = plain(text)
    if not said.isalpha():
        return None
    meant = [squeezed(word) for word in known.yes], [squeezed(word) for word in known.no]
    yes, no = (squeezed(said) in words for words in meant)
    return Parsed(yes) if yes != no else None
