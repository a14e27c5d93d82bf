"""The tutorial runs from its first cell to its last, and shows what it says."""

import nbformat
from nbclient import NotebookClient

from conftest import ROOT

PLACE = ROOT / "python" / "examples"


def test_tutorial():
    notebook = nbformat.read(PLACE / "tutorial.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells), "kept without outputs"
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(PLACE)}}).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]

    def shown(part: str) -> str:
        """Give what the one cell that has these words put out."""
        (cell,) = [cell for cell in cells if part in cell.source]
        of = [output.get("text", "") + str(output.get("data", "")) for output in cell.outputs]
        return "".join(of)

    assert "<svg" in shown("found.plot")
    assert "northeast" in shown("effects.query")
    assert "<table" in shown("china.line")
    assert "64 draws" in shown("draws=64")
    assert "contagion" in shown("print(lotteries)")
    assert "@software{" in shown("pp.cite")
    assert "随机种子 1" in shown("pp.cite")
    assert "main.sh" in shown("pp.package")
