"""The script and the notebook of the Python interface run as they are."""

import runpy
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A working directory in which the script was run; the notebook finds its features files.

    The script runs in this process, which has imported what takes longest. The notebook, with the
    same imports, has one of its own.
    """
    folder = tmp_path_factory.mktemp("python")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["python_interface.py", "demo/python"])
        runpy.run_path(str(DOCS / "python_interface.py"), run_name="__main__")
    return folder


def test_the_script_leaves_features_and_runs(folder):
    made = {path.name for path in (folder / "demo/python").iterdir()}
    assert {"demo-de.h5", "demo-it.h5", "within", "transfer"} <= made
    for run in ("within", "transfer"):
        assert (folder / "demo/python" / run / "model.keras").is_file()


@pytest.mark.notebook
def test_the_notebook_runs(folder):
    notebook = nbformat.read(DOCS / "python_interface.ipynb", as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, timeout=300).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    said = "".join(output.get("text", "") for cell in code for output in cell.outputs)
    assert "chance 25.0 %" in said
