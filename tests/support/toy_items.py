"""Toy utterances of an audit, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mdat_audit.config import AuditConfig
from mdat_audit.inputs.item import Item, Material
from mdat_audit.inputs.measures import Measures
from mdat_audit.result import Audit
from mdat_data import Utterance

MEASURES = Measures(
    loudness=-20.0,
    peak=-3.0,
    silence=0.1,
    before=0.2,
    after=0.3,
    offset=0.0,
    bandwidth=8000.0,
    rate=16000.0,
)
EMOTIONS = ("angry", "happy", "sad")


def item(id: str, emotion: str | None, speaker: str, **changed: Any) -> Item:
    """An utterance of a speaker who is a group; `changed` are fields of it or of the item."""
    facts = {"audio": Path(f"{id}.wav"), "group": speaker, "language": "de"}
    own = {name: changed.pop(name) for name in [*changed] if name in Utterance.__annotations__}
    utterance = Utterance(id=id, emotion=emotion, speaker=speaker, **{**facts, **own})
    made = Item(
        utterance=utterance,
        corpus="toy",
        duration=2.0,
        fingerprint=id,
        measures=MEASURES,
        pooled=np.zeros(4),
    )
    return replace(made, **changed)


def balanced(*, speakers: int = 6, clips: int = 3) -> tuple[Item, ...]:
    """Every speaker says every emotion equally often, in recordings that do not depend on it."""
    rng = np.random.default_rng(0)
    return tuple(
        item(
            f"s{speaker}-{emotion}-{clip}",
            emotion,
            f"s{speaker}",
            transcript=f"say {clip}",
            duration=1.0 + clip,
            pooled=rng.normal(size=4),
            measures=replace(MEASURES, loudness=-20.0 - speaker, offset=float(speaker)),
        )
        for speaker in range(speakers)
        for emotion in EMOTIONS
        for clip in range(clips)
    )


def material(items: Sequence[Item], **changed: Any) -> Material:
    """What is examined, of one corpus unless `changed` says otherwise."""
    made = Material(
        corpora=("toy",), items=tuple(items), features={"toy": "logmel"}, unusable={}, unread={}
    )
    return replace(made, **changed)


def audited(items: Sequence[Item], **changed: Any) -> Audit:
    """An audit that found nothing, unless `changed` says otherwise."""
    made = Audit(
        config=AuditConfig(corpora=["toy"]),
        material=material(items),
        splits={},
        leaks=(),
        doubts=(),
        clues=(),
        map=None,
    )
    return replace(made, **changed)
