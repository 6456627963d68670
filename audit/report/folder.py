"""The folder of an audit."""

from pathlib import Path
from tempfile import TemporaryDirectory

from mdat_audit.report.as_json import as_json
from mdat_audit.report.figures import draw_figures
from mdat_audit.report.page import page
from mdat_audit.result import Audit
from mdat_data.process.output import check_writable, whole_file


def save_audit(audit: Audit, out: Path) -> Path:
    """Write `audit.md`, `audit.json` and the figures.

    Each file appears whole, and replaces that of an earlier audit; others stay.

    Args:
        audit: The audit.
        out: The folder; it is made.

    Returns:
        The folder.

    Raises:
        InputError: It cannot be written.
    """
    check_writable(out / "audit.json")
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as drawn:
        figures = draw_figures(audit, Path(drawn))
        contents = {name: Path(drawn, name).read_bytes() for name in figures}
    contents["audit.json"] = as_json(audit).encode()
    contents["audit.md"] = f"{page(audit, figures)}\n".encode()
    for name, content in contents.items():
        with whole_file(out / name) as file:
            file.write(content)
    return out
