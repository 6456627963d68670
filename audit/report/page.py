"""The page of an audit, in Markdown."""

from collections.abc import Collection, Iterator, Sequence

from mdat_audit.report import explanations
from mdat_audit.report.tables import clue_table, measure_table, part_table, speaker_table
from mdat_audit.result import Audit
from mdat_data.errors import listed
from mdat_data.markdown import escaped
from mdat_data.splits.leakage import Finding


def page(audit: Audit, figures: Collection[str] = ()) -> str:
    """Describe an audit.

    Args:
        audit: The audit.
        figures: File names of the figures in the folder of the page.

    Returns:
        Markdown.
    """
    return "\n\n".join([verdict(audit), *_sections(audit, figures), explanations.made_with(audit)])


def verdict(audit: Audit) -> str:
    """Describe what was examined, leaks and doubts, in Markdown."""
    parts = [f"# Audit of {escaped(', '.join(audit.material.corpora))}", _examined(audit)]
    parts += [f"## Leaks: {len(audit.leaks) or 'none found'}", *_list(audit.leaks)]
    if not audit.splits:
        parts.append(explanations.NO_SPLIT)
    if audit.doubts:
        parts += ["## Doubts", *_list(audit.doubts)]
    return "\n\n".join(parts)


def _sections(audit: Audit, figures: Collection[str]) -> Iterator[str]:
    items, utterances = audit.material.items, audit.material.utterances
    yield "## What gives the emotion away"
    if audit.clues:
        yield clue_table(audit.clues)
        yield explanations.clues(audit.clues)
    else:
        yield explanations.NO_CLUES
    if audit.splits:
        yield "## Emotions by part"
        yield part_table(audit.splits, utterances)
    yield "## Emotions by speaker"
    yield speaker_table(utterances)
    yield "## Recordings by emotion"
    yield measure_table(items)
    yield explanations.MEASURES
    yield from _pictures(audit, figures)


def _pictures(audit: Audit, figures: Collection[str]) -> Iterator[str]:
    if "durations.png" in figures:
        yield "![durations by emotion](durations.png)"
    yield "## Map"
    yield explanations.of_map(audit)
    if "map.png" in figures:
        yield "![map of the features](map.png)"


def _examined(audit: Audit) -> str:
    material = audit.material
    hours = sum(item.duration for item in material.items) / 3600
    speakers = {u.speaker for u in material.utterances}
    lines = [f"{len(material.items)} utterances of {len(speakers)} speakers, {hours:.2f} h."]
    if audit.config.splits:
        names = f" ({listed(audit.splits, shown=3)})" if len(audit.splits) > 1 else ""
        lines.append(f"Split: {escaped(f'{audit.config.splits}{names}')}.")
    for corpus, way in material.unread.items():
        lines.append(
            f"The recordings of {escaped(corpus)} were not read: loudness, silence and recording "
            f"conditions are unknown. Missing: {escaped(way)}."
        )
    if material.unusable:
        reasons = (f"{id} ({reason})" for id, reason in material.unusable.items())
        lines.append(
            f"{len(material.unusable)} recordings cannot be used and were left out: "
            f"{escaped(listed(reasons, shown=5))}."
        )
    return " ".join(lines)


def _list(findings: Sequence[Finding]) -> list[str]:
    lines = [
        f"- **{found.check}**: {escaped(found.text)}. Such as: "
        f"{escaped(listed(found.examples, shown=8, separator='; '))}."
        for found in findings
    ]
    return ["\n".join(lines)] if lines else []
