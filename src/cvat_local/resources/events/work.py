"""The background work that writes the event log to a file."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from cvat_local.background.work import WorkContext, WorkResult, Works
from cvat_local.resources.exports import upload_result
from cvat_local.storage.tables import ClientEvent

work = Works()

_BATCH = 1000
FILTERS = ("user_id", "org_id", "project_id", "task_id", "job_id")


@work("export", "events")
def export_events(context: WorkContext) -> WorkResult:
    """Write the events that were asked for as CSV, the oldest first."""
    path = context.result_folder / "events.csv"
    columns = [column for column in ClientEvent.__table__.columns if column.name != "id"]
    with context.reading() as db, context.files.writing(path) as file:
        total = db.scalar(_chosen(select(func.count()), context.params)) or 0
        text = io.TextIOWrapper(file, "utf-8", newline="")
        writer = csv.writer(text)
        writer.writerow([column.name for column in columns])
        chosen = _chosen(select(*columns), context.params)
        done = 0
        for rows in db.execute(chosen.order_by("timestamp", "id")).partitions(_BATCH):
            for row in rows:
                writer.writerow([_written(value) for value in row])
            done += len(rows)
            context.progress(done / total, "Writing the events")
        text.detach()
    filename = context.params["filename"]
    storage_id = context.params["cloud_storage_id"]
    if storage_id is None:
        return WorkResult(path, filename)
    upload_result(context, storage_id, path, filename)
    return WorkResult()


def _chosen(statement: Select[Any], params: dict[str, Any]) -> Select[Any]:
    columns = ClientEvent.__table__.columns
    statement = statement.select_from(ClientEvent)
    for name in FILTERS:
        if params[name] is not None:
            statement = statement.where(columns[name] == params[name])
    if params["from"] is not None:
        statement = statement.where(columns.timestamp >= datetime.fromisoformat(params["from"]))
    if params["to"] is not None:
        statement = statement.where(columns.timestamp <= datetime.fromisoformat(params["to"]))
    return statement


def _written(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
