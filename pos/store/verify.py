"""The shop's invariants, asked of the database: trust.md §2, one function for every caller.

`integrity_check` alone sees two thirds of harmful bit flips; with these it is nine in ten.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from pos.errors import EnvironmentFault
from pos.protocol.operations import GENESIS, commit_to, hash_of
from pos.store import journal, oplog, recovery, walk
from pos.store.record_witness import RecordWitness
from pos.store.witness import Witness

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.protocol.operations import Operation
    from pos.store.oplog import Known

_SHOWN = 5
# What a damaged file makes of values that are otherwise sure to be there and of their kind.
_UNREADABLE = (
    EnvironmentFault,
    SQLAlchemyError,
    sqlite3.Error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must not be. `where` names up to five places: numbers, codes, positions."""

    code: str
    count: int
    where: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What was checked and what was found. Alerts are true states that the vendor should see, not faults."""

    problems: list[Problem] = field(default_factory=list)
    alerts: list[Problem] = field(default_factory=list)
    checks: dict[str, bool] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """No problem was found."""
        return not self.problems


# Each finds rows that break a rule; the first column says where. Named as in trust.md.
_RULES: tuple[tuple[str, str, str], ...] = (
    (
        "M1",
        "order_total_wrong",
        """SELECT number FROM orders o WHERE subtotal_paisa <> (SELECT coalesce(sum(amount_paisa), 0)
           FROM order_line l WHERE l.order_id = o.id)
           OR total_paisa <> subtotal_paisa - discount_paisa + delivery_paisa + rounding_paisa""",
    ),
    (
        "M1",
        "line_amount_wrong",
        """SELECT o.number FROM order_line l JOIN orders o ON o.id = l.order_id
           WHERE amount_paisa <> (qty_milli * price_paisa + 500) / 1000 - l.discount_paisa""",
    ),
    (
        "M2",
        "order_due_wrong",
        """SELECT number FROM orders o WHERE
           paid_paisa <> (SELECT coalesce(sum(amount_paisa), 0) FROM payment p
                          WHERE p.order_id = o.id AND kind = 'payment') - change_paisa
           OR (status = 'cancelled' AND (due_paisa <> 0 OR cod_paisa <> 0))
           OR (status <> 'cancelled' AND due_paisa <> max(0, total_paisa - paid_paisa))
           OR cod_paisa NOT IN (0, due_paisa)""",
    ),
    (
        "M2",
        "refund_above_paid",
        """SELECT number FROM orders o WHERE paid_paisa < (SELECT coalesce(sum(amount_paisa), 0)
           FROM payment p WHERE p.order_id = o.id AND kind = 'refund')""",
    ),
    (
        "M2",
        "owed_refund_missing",
        """SELECT number FROM orders o WHERE
           iif(status = 'cancelled', paid_paisa, max(0, paid_paisa - total_paisa)) <>
           coalesce((SELECT amount_paisa FROM owed_refund r WHERE r.order_id = o.id), 0)""",
    ),
    (
        "S1",
        "sale_not_its_lines",
        """SELECT o.number FROM order_line l JOIN orders o ON o.id = l.order_id
           LEFT JOIN stock_move m ON m.order_id = l.order_id AND m.line_no = l.line_no AND m.reversal = 0
           WHERE m.id IS NULL OR m.qty_milli <> -l.qty_milli OR m.variant_id <> l.variant_id""",
    ),
    (
        "S1",
        "cancelled_sale_not_returned",
        """SELECT o.number FROM orders o WHERE
           (SELECT coalesce(sum(qty_milli), 0) <> 0 FROM stock_move m WHERE m.order_id = o.id)
           = (o.status = 'cancelled')""",
    ),
    (
        "S1",
        "movement_without_line",
        """SELECT hex(m.id) FROM stock_move m LEFT JOIN order_line l
           ON l.order_id = m.order_id AND l.line_no = m.line_no
           WHERE (m.order_id IS NOT NULL OR m.kind = 'sale') AND l.order_id IS NULL""",
    ),
    (
        "S2",
        "sale_of_parent",
        """SELECT p.sku FROM product p WHERE (SELECT count(*) FROM variant v WHERE v.product_id = p.id) = 0
           OR (SELECT count(*) > 1 AND sum(plain) > 0 FROM variant v WHERE v.product_id = p.id AND NOT archived)""",
    ),
    (
        "N1",
        "number_not_its_series",
        """SELECT number FROM orders
           WHERE number <> printf('%s-%02d-%06d', series_code, series_year, series_no)""",
    ),
    (
        "A1",
        "log_gap",
        """SELECT n FROM (SELECT n, row_number() OVER (ORDER BY n) AS k FROM op) WHERE n <> k LIMIT 1""",
    ),
)

# Of a file of an earlier release, and of one that can hold what other devices did. There a laptop may know what is
# on hand before it has the history; a number may be on its own order that waits for another device's; and gaps
# are asked of its own series only, for of the others some orders may still be on the way.
_STOCK = """SELECT sku FROM variant v WHERE on_hand_milli <>
            (SELECT coalesce(sum(qty_milli), 0) FROM stock_move m WHERE m.variant_id = v.id)"""
_STOCK_OF_SEVERAL = f"""{_STOCK}
            + coalesce((SELECT b.on_hand_milli FROM stock_base b WHERE b.variant_id = v.id), 0)"""
_GAP = """SELECT s.code || '-' || s.year FROM series s WHERE s.last_no <>
          (SELECT count(*) FROM orders o WHERE o.series_code = s.code AND o.series_year = s.year)
          OR s.last_no <> (SELECT coalesce(max(series_no), 0) FROM orders o
                           WHERE o.series_code = s.code AND o.series_year = s.year)
          UNION ALL SELECT o.number FROM orders o LEFT JOIN series s
          ON s.code = o.series_code AND s.year = o.series_year WHERE s.code IS NULL"""
_GAP_OF_SEVERAL = """
WITH given (code, year, no, own) AS (
    SELECT series_code, series_year, series_no, EXISTS (
        SELECT 1 FROM order_event e JOIN op ON op.op_id = e.id WHERE e.order_id = o.id AND e.kind = 'taken')
    FROM orders o
    UNION ALL SELECT json_extract(body, '$.series[0]'), json_extract(body, '$.series[1]'),
        json_extract(body, '$.series[2]'), 1
    FROM deferred d JOIN op ON op.op_id = d.op_id WHERE op.kind = 'order.confirmed')
SELECT g.code || '-' || g.year FROM given g LEFT JOIN series s ON s.code = g.code AND s.year = g.year
JOIN (SELECT code, year, max(iif(own, no, NULL)) AS top FROM given GROUP BY code, year) mine
    ON mine.code = g.code AND mine.year = g.year
GROUP BY g.code, g.year HAVING s.code IS NULL OR s.last_no <> max(g.no)
    OR count(DISTINCT iif(g.no <= mine.top, g.no, NULL)) <> coalesce(mine.top, 0)
UNION ALL SELECT s.code || '-' || s.year FROM series s
WHERE NOT EXISTS (SELECT 1 FROM given g WHERE g.code = s.code AND g.year = s.year)"""

_OVERPAID = (
    "SELECT number FROM orders WHERE status <> 'cancelled' AND paid_paisa > total_paisa ORDER BY number"
)
_NUMBER_TWICE = "SELECT number FROM orders GROUP BY number HAVING count(*) > 1 ORDER BY number"
_OVERSOLD = "SELECT sku FROM variant WHERE on_hand_milli < 0 ORDER BY sku"
_SKU_TWICE = """SELECT sku FROM (SELECT sku FROM variant WHERE NOT archived
                UNION ALL SELECT p.sku FROM product p WHERE NOT archived
                AND NOT EXISTS (SELECT 1 FROM variant v WHERE v.product_id = p.id AND v.plain))
                GROUP BY sku HAVING count(*) > 1"""


def verify(
    connection: Connection,
    outside: journal.OutsideTip | None = None,
    *,
    whole: bool = True,
    since: oplog.Tip | None = None,
) -> Report:
    """Check every invariant.

    Args:
        connection: a reading transaction.
        outside: the tip kept outside the database, if it is this shop's own.
        whole: also read every page (`integrity_check`) and every operation; off for a quick look.
        since: with a quick look, an operation that stands in the log and up to which the whole log was found
            sound before; the chain is read from there on.

    Returns:
        All problems, not only the first. A database too damaged to be asked gives ``database_damaged``.
    """
    report = Report()
    try:
        _ask_sqlite(connection, report, whole=whole)
        several = walk.has_others(connection)
        for name, code, sql in (
            *_RULES,
            ("S1", "stock_not_its_movements", _STOCK_OF_SEVERAL if several else _STOCK),
            ("N1", "number_gap", _GAP_OF_SEVERAL if several else _GAP),
        ):
            _note(report, name, code, _column(connection, sql))
        report.alerts += _problems("overpaid", _column(connection, _OVERPAID))
        report.alerts += _problems("number_twice", _column(connection, _NUMBER_TWICE))
        report.alerts += _problems("oversold", _column(connection, _OVERSOLD))
        report.alerts += _problems("sku_twice", _column(connection, _SKU_TWICE))
        if whole:
            _walk_log(connection, report)
        elif since is not None:
            _walk_chain(connection, since, report)
        _hold_against_tip(connection, outside, report)
    except _UNREADABLE as error:
        report.checks["readable"] = False
        report.problems.append(Problem("database_damaged", 1, (type(error).__name__,)))
    return report


def _ask_sqlite(connection: Connection, report: Report, *, whole: bool) -> None:
    pragma = "integrity_check" if whole else "quick_check"
    lines = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA {pragma}(20)")]
    damaged = lines != ["ok"]
    report.checks["sqlite"] = not damaged
    if damaged:
        report.problems.append(Problem("database_damaged", len(lines), tuple(lines[:_SHOWN])))
    orphans = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    _note(report, "links", "link_broken", orphans)


def _column(connection: Connection, sql: str) -> list[str]:
    return [str(row[0]) for row in connection.exec_driver_sql(sql)]


def _problems(code: str, where: list[str]) -> list[Problem]:
    return [Problem(code, len(where), tuple(where[:_SHOWN]))] if where else []


def _note(report: Report, check: str, code: str, where: list[str]) -> None:
    report.checks[check] = report.checks.get(check, True) and not where
    report.problems += _problems(code, where)


def _walk_log(connection: Connection, report: Report) -> None:
    """Every hash, every commitment, and the rows against what made them."""
    chain: list[str] = []
    personal: list[str] = []
    witness, records = Witness(connection), RecordWitness()
    put_off = walk.put_off(connection)
    links = _Links()
    # The others first: this device's own stand on theirs, and are called by what those made.
    for device, operation, known in walk.others(connection):
        name = operation.op_id.hex
        _hear_chain(operation, links.before(device, operation), chain, personal, name)
        _hear_rows(known, put_off, witness, records)
    chain += links.broken()
    prev = GENESIS
    for operation, known in walk.own(connection):
        _hear_chain(operation, prev, chain, personal, str(operation.n))
        prev = operation.hash
        _hear_rows(known, put_off, witness, records)
    _note(report, "A1", "chain_broken", chain)
    _note(report, "A1", "personal_part_altered", personal)
    _note(report, "D1", "order_unlike_its_operation", witness.orders_unlike())
    _note(report, "D1", "stock_unlike_its_operations", witness.moves_unlike())
    _note(report, "D1", "record_unlike_its_operations", records.unlike(connection))


def _hear_rows(known: Known, put_off: set[bytes], witness: Witness, records: RecordWitness) -> None:
    records.meet(known.device_id)
    if known.op_id not in put_off:
        witness.hear(known)
        records.hear(known)


class _Links:
    """Whether another device's operations follow one another; those that the server holds back are missing here."""

    def __init__(self) -> None:
        self._ends: dict[tuple[bytes, int], tuple[bytes, bytes]] = {}

    def before(self, device: bytes, operation: Operation) -> bytes:
        """What an operation says stood before it, to be looked at once all are heard."""
        self._ends[device, operation.n] = (operation.prev_hash, operation.hash)
        return operation.prev_hash

    def broken(self) -> list[str]:
        """Positions that do not follow the one before."""
        return [
            str(n)
            for (device, n), (prev, _) in self._ends.items()
            if (device, n - 1) in self._ends and self._ends[device, n - 1][1] != prev
        ]


def _walk_chain(connection: Connection, since: oplog.Tip, report: Report) -> None:
    """Every hash and commitment behind an operation that was reached before."""
    chain: list[str] = []
    personal: list[str] = []
    prev = since.hash
    for operation in oplog.read_after(connection, since.n):
        _hear_chain(operation, prev, chain, personal, str(operation.n))
        prev = operation.hash
    _note(report, "A1", "chain_broken", chain)
    _note(report, "A1", "personal_part_altered", personal)


def _hear_chain(operation: Operation, prev: bytes, chain: list[str], personal: list[str], name: str) -> None:
    """Note an operation that does not follow, or is not what its hash or commitment says."""
    if operation.prev_hash != prev or hash_of(operation) != operation.hash:
        chain.append(name)
    if operation.personal is not None and commit_to(operation.personal) != operation.commitment:
        personal.append(name)


def _hold_against_tip(connection: Connection, outside: journal.OutsideTip | None, report: Report) -> None:
    found = recovery.compare(connection, outside)
    report.checks["A2"] = found.standing == "level"
    if found.standing == "behind":
        report.problems.append(Problem("database_older_than_journal", found.missing))
    elif found.standing == "forked":
        report.problems.append(Problem("database_not_the_journals", 1))
    if outside is not None and found.standing == "level":
        below = [
            name for name, last in outside.series.items() if last > (_last_number(connection, name) or 0)
        ]
        _note(report, "N2", "series_below_high_water", below)


def _last_number(connection: Connection, name: str) -> int | None:
    code, _, year = name.rpartition("-")
    row = connection.exec_driver_sql(
        "SELECT last_no FROM series WHERE code = ? AND year = ?", (code, int(year))
    ).first()
    return None if row is None else int(row[0])
