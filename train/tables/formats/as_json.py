"""Tables as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mdat_data.metrics import Interval
from mdat_train.evaluation.change import Change
from mdat_train.runs.run import ConditionMetrics
from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.table import Cell, Row, Table


def json_document(tables: Sequence[Table], missing: Sequence[str]) -> str:
    """All tables: UA in percent, differences in points, null where there is none.

    Args:
        tables: All tables.
        missing: Names of the features files that were not found.
    """
    document = {
        "paper": paper.source(),
        "missing": list(missing),
        "tables": list(map(_table, tables)),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _table(table: Table) -> dict[str, Any]:
    return {
        "number": table.number,
        "protocol": table.protocol,
        "transductive": table.transductive,
        "title": table.title,
        "rows": [
            dict(zip(table.head, row.head, strict=True))
            | {"cells": dict(zip(table.columns, _cells(row, table.ours), strict=True))}
            for row in table.rows
        ],
        "notes": table.notes,
    }


def _cells(row: Row, ours: str) -> list[dict[str, Any]]:
    return [_cell(cell, ours) for cell in row.cells]


def _cell(cell: Cell, ours: str) -> dict[str, Any]:
    return {
        "ours": _ours(cell.result) if cell.result else None,
        "published": asdict(cell.published) if cell.published else None,
        "difference": cell.difference,
        "change_to_model_1": _change(cell.change) if cell.change else None,
        f"{ours.lower()}_against_this": _compared(cell),
    }


def _ours(result: ConditionMetrics) -> dict[str, Any]:
    return {
        "ua": 100 * result.ua.mean,
        "deviation": 100 * result.ua.std,
        "interval_95": _ends(result.interval),
        "ua_of_each": [100 * metrics.ua for metrics in result.per_run],
        "speakers": result.speakers,
        "chance": 100 * result.chance,
    }


def _change(change: Change) -> dict[str, Any]:
    return {"difference": 100 * change.difference, "interval_95": _ends(change.interval)}


def _ends(interval: Interval | None) -> list[float] | None:
    return [100 * interval.low, 100 * interval.high] if interval else None


def _compared(cell: Cell) -> dict[str, Any] | None:
    if cell.comparison is None:
        return None
    return asdict(cell.comparison) | {"difference": 100 * cell.comparison.difference}
