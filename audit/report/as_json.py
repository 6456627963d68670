"""The numbers of an audit, in JSON."""

import json
from dataclasses import asdict

from mdat_audit.overview.spread import emotions_by_part, emotions_by_speaker, spread_by_emotion
from mdat_audit.result import Audit


def as_json(audit: Audit) -> str:
    """Write everything that an audit found.

    Args:
        audit: The audit.

    Returns:
        JSON; UA and chance are from 0 to 1.
    """
    material = audit.material
    spread = spread_by_emotion(material.items)
    parts: dict[str, dict[str, dict[str, int]]] = {name: {} for name in audit.splits}
    for (name, part), counts in emotions_by_part(audit.splits, material.utterances).items():
        parts[name][part] = counts
    found = {
        "config": asdict(audit.config),
        "corpora": material.corpora,
        "utterances": len(material.items),
        "unusable": material.unusable,
        "unread": material.unread,
        "leaks": [asdict(finding) for finding in audit.leaks],
        "doubts": [asdict(finding) for finding in audit.doubts],
        "clues": [asdict(clue) for clue in audit.clues],
        "emotions_by_part": parts,
        "emotions_by_speaker": emotions_by_speaker(material.utterances),
        "measures_by_emotion": {
            name: {emotion: asdict(of_emotion) for emotion, of_emotion in by_emotion.items()}
            for name, by_emotion in spread.items()
        },
        "map": audit.map and {"method": audit.map.method, "shares": audit.map.shares},
        "features": material.features,
    }
    return json.dumps(found, indent=1, ensure_ascii=False, default=str)
