"""Calls commands as on a machine where some packages are not installed."""

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

HEAVY = (
    *("keras", "tensorflow", "matplotlib", "joblib", "distributed"),
    *("torch", "transformers", "librosa", "sklearn", "scipy", "h5py", "numpy", "pandas"),
)
"""Packages that help and version of a command do not need."""


def call_without(
    packages: Sequence[str], module: str, arguments: Sequence[str], **how: Any
) -> subprocess.CompletedProcess[str]:
    """Call the command of a module where some packages cannot be imported."""
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({tuple(packages)})); "
        f"from {module} import main; main({list(arguments)})"
    )
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
    return subprocess.run([sys.executable, "-c", code], text=True, timeout=60, **how)
