"""The record of an audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mdat_audit.clues.clues import Clue
from mdat_audit.config import AuditConfig
from mdat_audit.inputs.item import Material
from mdat_audit.overview.map import Map
from mdat_data.splits.leakage import Finding
from mdat_data.splits.split import Split


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What an audit found.

    Attributes:
        config: How it was made.
        material: What was examined.
        splits: Name -> split that was examined.
        leaks: Faults of the splits or labels that make scores wrong.
        doubts: What a reader should know before trusting the scores.
        clues: How well the emotion is guessed from what is not its expression.
        map: The map of the features; None where there is none.
    """

    config: AuditConfig
    material: Material
    splits: Mapping[str, Split]
    leaks: tuple[Finding, ...]
    doubts: tuple[Finding, ...]
    clues: tuple[Clue, ...]
    map: Map | None

    def page(self) -> str:
        """Describe the audit on a page of Markdown, without pictures."""
        from mdat_audit.report.page import page

        return page(self)

    def save(self, out: str | Path) -> Path:
        """Write page, figures and numbers to a folder.

        Args:
            out: The folder. Files of an earlier audit in it are replaced, others stay.

        Returns:
            The folder.

        Raises:
            InputError: It cannot be written.
        """
        from mdat_audit.report.folder import save_audit

        return save_audit(self, Path(out))
