"""The shop itself: its founding, its devices and operators, its hats and settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pos.store import tables as t
from pos.store.apply.rows import day, disputed, edit_fields, identity, write_many, written_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.store.oplog import Recorded


_add_installation = insert(t.installation)

_device_upsert = upsert(t.device)

_add_device = _device_upsert.on_conflict_do_update(
    index_elements=["id"], set_={"code": _device_upsert.excluded.code}
)

_add_operator = insert(t.operator)


def shop_founded(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _install(connection, device_id, r, demo=r.body["demo"])


def device_joined(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        _install(connection, device_id, r, demo=False)


def _install(connection: Connection, device_id: bytes, r: Recorded, *, demo: bool) -> None:
    connection.execute(
        _add_installation,
        {
            "one": 1,
            "device_id": device_id,
            "vendor_id": identity(r.body["vendor"]),
            "code": r.body["code"],
            "base_code": r.body["code"],
            "created_at_ms": r.at_ms,
            "demo": demo,
        },
    )
    connection.execute(_add_device, {"id": device_id, "code": r.body["code"]})


def device_rekeyed(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> bool:
    """Other numbers, and with `device` another identity; then whose rows are whose is to be seen anew."""
    parted = False
    for r in run:
        code, fresh = r.body["code"], r.body.get("device")
        values: dict[str, Any] = {"code": code}
        if fresh is not None:
            values |= {"device_id": identity(fresh), "base_code": code}
            parted = True
        connection.execute(update(t.installation).values(**values))
        connection.execute(_add_device, {"id": identity(fresh) if fresh else device_id, "code": code})
    return parted


def operator_added(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    write_many(
        connection,
        _add_operator,
        [{"id": r.agg_id, "name": r.body["name"], "role": r.body["role"], "fv": written_by(r)} for r in run],
    )


def operator_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> list[bytes]:
    return [r.agg_id for r in run if edit_fields(connection, t.operator, r)]


def hat_set(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> list[bytes]:
    for r in run:
        body = r.body
        values = {
            "kind": body["kind"],
            "opens_min": body["opens"],
            "closes_min": body["closes"],
            "ordinal": body["ordinal"],
            "fv": written_by(r),
        }
        statement = upsert(t.hat_day).values(source=body["source"], hat_on=day(body["on"]), **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["source", "hat_on"], set_=values))
    return disputed(connection, "hat", run)


def hat_unset(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> list[bytes]:
    for r in run:
        connection.execute(
            delete(t.hat_day).where(
                t.hat_day.c.source == r.body["source"], t.hat_day.c.hat_on == day(r.body["on"])
            )
        )
    return disputed(connection, "hat", run)


def setting_set(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> list[bytes]:
    for r in run:
        values = {"value": json.dumps(r.body["value"], ensure_ascii=False), "fv": written_by(r)}
        statement = upsert(t.setting).values(key=r.body["key"], **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))
    return disputed(connection, "setting", run)
