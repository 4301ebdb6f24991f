"""The lines of sync that say how far somebody is or what is there already: each is in a mutant, or here with why not.

How far: a cursor, the position that is acknowledged, the end of a log that the server has, the head of its order
and which memory of it is meant. What is there already: that by which nothing is taken in, given a place, relayed,
counted or shown twice. The lines are read from the modules, so that a new one cannot be overlooked.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pos

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.sync.mutant import Mutant

_ROOT: Final = Path(pos.__file__).parent
_SERVER: Final = ("roundtrip", "intake", "feed", "relayed", "stream", "devices", "held", "edits", "erasing")
_STORE: Final = ("inbox", "standing", "refold", "refold_orders", "onhand", "organiser", "link", "identity")
_POSITIONS: Final = frozenset(
    {
        *("ack", "ack_n", "cursor", "cursors", "last_n", "last_hash", "epoch", "need", "fork", "head"),
        *("next_seq", "parts_at", "stock_seq", "_relayed", "_whole"),
    }
)
# By module, since one name says another thing elsewhere: what holds that which is there already, or looks it up.
_THERE: Final[dict[str, frozenset[str]]] = {
    "pos.server.roundtrip": frozenset(
        {"stored", "own", "present", "same", "distinct", "brought", "taken", "known", "logs"}
    ),
    "pos.server.relayed": frozenset({"row", "begins", "brought", "there", "apart", "_has"}),
    "pos.server.intake": frozenset({"aggregates", "makes", "orders", "accepted"}),
    "pos.server.feed": frozenset({"told", "passed_over"}),
    "pos.server.devices": frozenset({"present", "nameless", "again", "taken", "delete", "has_position"}),
    "pos.server.held": frozenset({"brought", "kept", "before"}),
    "pos.server.edits": frozenset({"seen"}),
    "pos.server.erasing": frozenset({"everything", "known", "fresh", "late"}),
    "pos.store.inbox": frozenset({"own", "others", "fresh", "placed", "moved", "moved_own"}),
    "pos.store.onhand": frozenset({"cancelled"}),
    "pos.store.refold_orders": frozenset({"there", "wanted", "gone", "first"}),
    "pos.store.organiser": frozenset({"_NO_DAY", "_NO_NOTICE"}),
    "pos.sync.mending": frozenset({"mine", "own", "delete"}),
    "pos.sync.rekey": frozenset({"_unnoticed"}),
    "pos.sync.round": frozenset({"_agreed", "_mended"}),
    "pos.sync.verify": frozenset({"theirs", "kept", "differ"}),
}
_LOOKED_UP: Final = frozenset({"add", "append", "get", "has", "isdisjoint", "setdefault", "update"})
_INSTEAD: Final = ("ON CONFLICT", "OR IGNORE", "DELETE FROM")  # in a statement: what is written stands once


@dataclass(frozen=True, slots=True)
class Line:
    """A line that sets a position, or that fills or asks what is there already.

    Attributes:
        function: the one that it stands in.
        number: from 1.
        text: without what indents it.
    """

    module: str
    function: str
    number: int
    text: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands, however the lines around it move."""
        return self.module, self.function, self.text


def lines() -> list[Line]:
    """All of them."""
    files = [
        *sorted((_ROOT / "sync").glob("*.py")),
        *(_ROOT / "server" / f"{name}.py" for name in _SERVER),
        *(_ROOT / "store" / f"{name}.py" for name in _STORE),
    ]
    return [line for file in files for line in _lines_of(file)]


def names_gone() -> set[tuple[str, str]]:
    """Names of what is there already, with their modules, that are in these no more."""
    found = set()
    for module, names in _THERE.items():
        source = _ROOT.joinpath(*module.split(".")[1:]).with_suffix(".py").read_text(encoding="utf-8")
        nodes = list(ast.walk(ast.parse(source)))
        here = {node.id for node in nodes if isinstance(node, ast.Name)}
        here |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        found |= {(module, name) for name in names - here}
    return found


def _module_of(file: Path) -> str:
    return ".".join(("pos", *file.relative_to(_ROOT).with_suffix("").parts))


def _lines_of(file: Path) -> Iterator[Line]:
    source = file.read_text(encoding="utf-8")
    texts, module = source.splitlines(), _module_of(file)
    there = _THERE.get(module, frozenset())
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            nodes = [node for statement in function.body for node in ast.walk(statement)]
            numbers = {number for node in nodes for number in (*_set_by(node), *_about(node, there))}
            for number in sorted(numbers):
                yield Line(module, function.name, number, texts[number - 1].split("  # ")[0].strip())


def _set_by(node: ast.AST) -> Iterator[int]:
    """The lines on which this sets a position: by assignment, as an argument, or under a name in a dictionary."""
    match node:
        case ast.Assign(targets=targets):
            if any(_names(target) & _POSITIONS for target in targets):
                yield node.lineno
        case ast.AugAssign(target=target):
            if _names(target) & _POSITIONS:
                yield node.lineno
        case ast.Call(keywords=keywords):
            yield from (each.value.lineno for each in keywords if each.arg in _POSITIONS)
        case ast.Dict(keys=keys):
            named = (key for key in keys if isinstance(key, ast.Constant))
            yield from (key.lineno for key in named if key.value in _POSITIONS)


def _about(node: ast.AST, there: frozenset[str]) -> Iterator[int]:
    """The lines on which this fills or asks what is there already, or writes so that it stands once."""
    match node:
        case ast.Assign(targets=targets):
            asked = targets
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            asked = [target]
        case ast.Compare(left=left, comparators=others):
            asked = [left, *others]
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            asked = [test]
        case ast.comprehension(ifs=tests):
            asked = tests
        case ast.BoolOp(values=asked):
            pass
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            asked = [left, right]
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in _LOOKED_UP:
            asked = [value]
        case ast.Call(func=func, args=arguments):
            asked = [
                func,
                *(one for one in arguments if isinstance(one, ast.Name) and one.id.startswith("_")),
            ]
        case ast.Constant(value=str(text)) if any(each in text for each in _INSTEAD):
            yield node.lineno
            return
        case _:
            return
    yield from (one.lineno for one in asked if _names(one) & there)


def _names(target: ast.expr) -> set[str]:
    match target:
        case ast.Tuple(elts=parts):
            return {name for part in parts for name in _names(part)}
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return {name}
        case ast.Subscript(value=value) | ast.UnaryOp(operand=value):
            return _names(value)
        case _:
            return set()


def _alike(one: str, other: str) -> int:
    """How far two texts are the same."""
    both = zip(one, other, strict=False)
    return next((at for at, (mine, its) in enumerate(both) if mine != its), min(len(one), len(other)))


def in_mutants(mutants: Iterable[Mutant]) -> set[tuple[str, int]]:
    """The lines, as module and number, that some mutant changes; what only says which is meant does not count."""
    found = set()
    for change in (change for one in mutants for change in one.changes):
        file = _ROOT.joinpath(*change.module.split(".")[1:]).with_suffix(".py")
        source = file.read_text(encoding="utf-8")
        old, new = change.old, change.new
        before = _alike(old, new)
        after = _alike(old[before:][::-1], new[before:][::-1])
        begin = source.index(old)
        first = source.count("\n", 0, begin + before) + 1
        last = source.count("\n", 0, begin + before + len(old[before : len(old) - after].rstrip("\n"))) + 1
        found |= {(change.module, number) for number in range(first, last + 1)}
    return found


# Without such a line nothing runs at all: it gives a name to what others decide or fill, or an argument that must be.
_NAMES: Final = {
    ("pos.sync.pairing", "link", "epoch=reply.epoch,"),
    ("pos.sync.pairing", "link", "ack_n=0,"),
    ("pos.sync.pairing", "link", 'cursors={"v": 0, "h": 0, "g": 0},'),
    ("pos.sync.pairing", "link", "stock_seq=stock_seq,"),
    ("pos.sync.pairing", "_tie", "found_link(unit.connection, asker.link(reply, stock_seq=stock_seq))"),
    ("pos.sync.round", "__init__", "self._whole = False"),
    ("pos.sync.round", "_ask", "epoch=link.epoch,"),
    ("pos.sync.round", "_ask", "cursors=dict(link.cursors),"),
    (
        "pos.sync.round",
        "_take",
        "ack, cursors = self._take_in(connection, asked, reply, link, arrived, taken)",
    ),
    ("pos.sync.round", "_take_in", "ack, settled = _settled(asked, reply, link)"),
    ("pos.sync.round", "_take_in", "cursors = dict(link.cursors)"),
    ("pos.sync.round", "_take_in", "take_in(connection, settled, fresh, stock_seq=link.stock_seq)"),
    ("pos.sync.round", "_settled", "ack, settled = link.ack_n, []"),
    ("pos.server.roundtrip", "_ahead", "cursors = message.cursors"),
    ("pos.server.roundtrip", "_reply", "head=order.head,"),
    ("pos.server.devices", "_add", '"last_n": 0,'),
    ("pos.server.devices", "_add", '"last_hash": GENESIS,'),
    (
        "pos.sync.mending",
        "put_back",
        "own = connection.execute(select(t.installation.c.device_id)).scalar_one()",
    ),
    (
        "pos.sync.mending",
        "put_back",
        "mine = connection.execute(select(t.op.c.n).where(t.op.c.op_id == o.op_id)).scalar()",
    ),
    ("pos.sync.round", "__init__", "self._agreed: object = None"),
    ("pos.sync.round", "__init__", "self._mended: object = None"),
    ("pos.sync.verify", "_operations", "kept = {}"),
    ("pos.sync.verify", "differences", "kept = mine.get(one)"),
    ("pos.server.roundtrip", "take", "logs = {log.device_id: log}"),
    ("pos.server.roundtrip", "_walk_others", "brought: set[tuple[int, bytes]] = set()"),
    ("pos.server.roundtrip", "_follow", "own: dict[int, uuid.UUID] = {}"),
    ("pos.server.intake", "_known", "aggregates: set[bytes] = set()"),
    ("pos.server.intake", "_known", "orders: set[bytes] = set()"),
    ("pos.server.intake", "_known", "accepted: set[bytes] = set()"),
    (
        "pos.server.relayed",
        "parted",
        "there = connection.execute(asked.order_by(device.c.device_id)).scalars()",
    ),
    ("pos.server.devices", "pair", "present is not None"),
    (
        "pos.server.held",
        "_brought",
        "kept = {(row.n, bytes(row.hash)): row.op_id for row in connection.execute(held)}",
    ),
    ("pos.server.held", "_brought", "if not kept:"),
    (
        "pos.server.held",
        "_brought",
        "before = {(row.n, bytes(row.hash)): bytes(row.prev_hash) for row in connection.execute(log)}",
    ),
    ("pos.server.held", "_brought", "while at in before:"),
    ("pos.store.inbox", "take_in", "fresh = _place(connection, arrived, placed, touched)"),
    ("pos.store.inbox", "_place", "moved_own, moved, fresh = [], [], {}"),
    ("pos.store.link", "read_link", "epoch=row.epoch,"),
    ("pos.store.link", "read_link", "ack_n=row.ack_n,"),
    (
        "pos.store.link",
        "read_link",
        'cursors={stream: int(getattr(row, f"cursor_{stream}")) for stream in _STREAMS},',
    ),
    ("pos.store.link", "read_link", "stock_seq=row.stock_seq,"),
    ("pos.store.link", "_columns", 'cursors = fields.get("cursors", {})'),
    ("pos.store.refold_orders", "_goods_back", "there = {"),
    ("pos.store.refold_orders", "_goods_back", "wanted: set[tuple[Any, ...]] = set()"),
    ("pos.store.refold_orders", "_goods_back", "wanted = {"),
}
# Without such a line the same comes about by more work: what it passes over changes nothing.
_SPARES: Final = {
    ("pos.server.intake", "_project", "if candidate.makes:"),
    ("pos.server.feed", "_stream", "if told is not None:"),
    ("pos.server.held", "take_in", "if not brought:"),
    ("pos.server.edits", "mark_conflicts", "seen = {row.op_id.int for row in rows}"),
    (
        "pos.server.edits",
        "mark_conflicts",
        "makers = {row.made_by for row in made if row.made_by.int not in seen}",
    ),
    ("pos.store.inbox", "_touch_met", "if not placed:"),
}
EXEMPT: Final[dict[tuple[str, str, str], str]] = {
    **dict.fromkeys(_NAMES, "nothing runs without it"),
    **dict.fromkeys(_SPARES, "it spares work only"),
    (
        "pos.server.devices",
        "new_code",
        "connection.execute(delete(pairing).where(pairing.c.expires_at_ms <= now_ms))",
    ): "it makes room; a code that has ended is refused by its time",
    ("pos.sync.round", "_take", "epoch=reply.epoch,"): (
        "a link has its epoch from the pairing on, and a reply of another one is not taken in; it says of which memory"
        " the position and the cursors beside it are"
    ),
    ("pos.server.roundtrip", "_reply", "cursors=since,"): (
        "what is asked for; and in an answer that brings nothing, where whoever asked stays, whose cursors would"
        " otherwise be none"
    ),
    ("pos.sync.pairing", "_begin", "link = asker.link(reply, stock_seq=None if reply.founds else 0)"): (
        "tests/sync/test_round.py: a new laptop sells before its history is there"
    ),
}
