"""The lines of sync that say how far somebody is: each stands in a mutant, or here with the reason why in none.

How far: a cursor, the position that is acknowledged, the end of a log that the server has, the head of its order
and which memory of it is meant. The lines are read from the modules, so that a new one cannot be overlooked.
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
_SERVER: Final = ("roundtrip", "intake", "feed", "relayed", "stream", "devices")
_POSITIONS: Final = frozenset(
    {
        *("ack", "ack_n", "cursor", "cursors", "last_n", "last_hash", "epoch", "need", "fork", "head"),
        *("next_seq", "parts_at", "stock_seq", "_relayed", "_whole"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that sets a position.

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


def position_lines() -> list[Line]:
    """All of them."""
    files = [*sorted((_ROOT / "sync").glob("*.py")), *(_ROOT / "server" / f"{name}.py" for name in _SERVER)]
    return [line for file in files for line in _lines_of(file)]


def _module_of(file: Path) -> str:
    return ".".join(("pos", *file.relative_to(_ROOT).with_suffix("").parts))


def _lines_of(file: Path) -> Iterator[Line]:
    source = file.read_text(encoding="utf-8")
    texts, module = source.splitlines(), _module_of(file)
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            numbers = {number for node in ast.walk(function) for number in _set_by(node)}
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


def _names(target: ast.expr) -> set[str]:
    match target:
        case ast.Tuple(elts=parts):
            return {name for part in parts for name in _names(part)}
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return {name}
        case ast.Subscript(value=value):
            return _names(value)
        case _:
            return set()


def in_mutants(mutants: Iterable[Mutant]) -> set[tuple[str, int]]:
    """The lines, as module and number, that some mutant changes."""
    found = set()
    for change in (change for one in mutants for change in one.changes):
        file = _ROOT.joinpath(*change.module.split(".")[1:]).with_suffix(".py")
        source = file.read_text(encoding="utf-8")
        begin = source.index(change.old)
        first = source.count("\n", 0, begin) + 1
        last = source.count("\n", 0, begin + len(change.old.rstrip("\n"))) + 1
        found |= {(change.module, number) for number in range(first, last + 1)}
    return found


# Without such a line nothing runs at all: it gives a name to what others decide, or an argument that must be there.
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
}
EXEMPT: Final[dict[tuple[str, str, str], str]] = dict.fromkeys(_NAMES, "nothing runs without it") | {
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
