"""The tables of the page."""

from collections import Counter
from collections.abc import Mapping, Sequence

from mdat_audit.clues.clues import Clue
from mdat_audit.clues.guess import Guess
from mdat_audit.clues.ways import APART, GIVEN, RANDOM
from mdat_audit.inputs.item import Item
from mdat_audit.overview.spread import (
    Spread,
    emotion_of,
    emotions_by_part,
    emotions_by_speaker,
    spread_by_emotion,
)
from mdat_data import Utterance
from mdat_data.markdown import escaped, table
from mdat_data.splits.split import Split

MOST_ROWS = 40
"""Rows of the longest table; `audit.json` has all."""

DIGITS = {"loudness": 1, "peak": 1, "offset": 0, "bandwidth": 0, "rate": 0}
"""Measure -> decimal places, where they are not two."""

UNITS = {
    "duration": "duration, s",
    "loudness": "loudness, dB",
    "peak": "peak, dB",
    "silence": "silence, share",
    "before": "silence before, s",
    "after": "silence after, s",
    "offset": "DC offset, ppm",
    "bandwidth": "bandwidth, Hz",
    "rate": "sampling rate, Hz",
}


def clue_table(clues: Sequence[Clue]) -> str:
    """How well emotion and speaker are guessed from every clue."""
    tried = {way for clue in clues for way in clue.emotion}
    ways = [way for way in (RANDOM, APART, GIVEN) if way in tried]
    rows = [
        [
            escaped(clue.name) + (f" ({clue.reason})" if clue.reason else ""),
            *(guess_text(clue.emotion.get(way)) for way in ways),
            guess_text(clue.speaker, chance=True),
        ]
        for clue in clues
    ]
    heads = ["clue", *(f"emotion, {way}" for way in ways), f"speaker, {RANDOM}"]
    return table(heads, rows).rstrip()


def guess_text(guess: Guess | None, *, chance: bool = False) -> str:
    """UA in percent with its interval, or with chance; bold where it is above chance."""
    if guess is None:
        return ""
    text = f"{100 * guess.ua:.0f}"
    if chance:
        return f"{text} (chance {100 * guess.chance:.0f})"
    if guess.interval:
        text += f" [{100 * guess.interval.low:.0f}, {100 * guess.interval.high:.0f}]"
    return f"**{text}**" if guess.tells else text


def part_table(splits: Mapping[str, Split], utterances: Sequence[Utterance]) -> str:
    """Number of utterances of every emotion in every part."""
    parts = emotions_by_part(splits, utterances)
    several = len(splits) > 1
    counts = {
        f"{name}, {part}" if several else part: of_part for (name, part), of_part in parts.items()
    }
    return _counts("part", counts, utterances)


def speaker_table(utterances: Sequence[Utterance]) -> str:
    """Number of utterances of every emotion by every speaker."""
    return _counts("speaker", emotions_by_speaker(utterances), utterances)


def _counts(what: str, counts: Mapping[str, Counter[str]], utterances: Sequence[Utterance]) -> str:
    emotions = sorted(set(map(emotion_of, utterances)))
    rows = [
        [escaped(name), *(str(of_row[emotion] or "") for emotion in emotions)]
        for name, of_row in list(counts.items())[:MOST_ROWS]
    ]
    rest = len(counts) - len(rows)
    more = f"\nand {rest} more, in `audit.json`" if rest else ""
    return table([what, *map(escaped, emotions)], rows).rstrip() + more


def measure_table(items: Sequence[Item]) -> str:
    """Median and quartiles of every measure for every emotion."""
    spread = spread_by_emotion(items)
    emotions = sorted({emotion_of(item.utterance) for item in items})
    rows = [
        [escaped(emotion), *(_spread(name, by[emotion]) for name, by in spread.items())]
        for emotion in emotions
    ]
    return table(["emotion", *(UNITS[name] for name in spread)], rows).rstrip()


def _spread(name: str, spread: Spread) -> str:
    digits = DIGITS.get(name, 2)
    low, median, high = (
        f"{round(number, digits) + 0:.{digits}f}"  # + 0, for there is a -0
        for number in (spread.low, spread.median, spread.high)
    )
    return median if low == median == high else f"{median} [{low}, {high}]"
