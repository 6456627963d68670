"""Bars of mdat-predict, on standard error and in a terminal alone."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mdat_predict.stages import Outcome


def over_recordings(outcomes: Iterable["Outcome"], recordings: int) -> Iterator["Outcome"]:
    """Show a bar over the recordings, with the number of their segments."""
    from tqdm import tqdm

    from mdat_predict.stages import Found

    with tqdm(total=recordings, desc="predict", unit=" recordings", disable=None) as bar:
        segments = 0
        for outcome in outcomes:
            if isinstance(outcome, Found):
                segments += 1
                bar.set_postfix_str(f"{segments} segments", refresh=False)
            else:
                bar.update()
            yield outcome


def over_utterances(work: Iterable[Any], utterances: int) -> Iterable[Any]:
    """Show a bar over utterances."""
    from tqdm import tqdm

    shown: Iterable[Any] = tqdm(work, desc="explain", total=utterances, disable=None)
    return shown
