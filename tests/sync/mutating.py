"""Putting a bug into the module that ships, for as long as a block runs.

A mutant is a piece of a module's source and what stands there instead. The changed source is compiled, and the
code of every function whose text changed is put into the function that everybody already holds; a changed
constant is put into its module. So the bug is where the product would have it, whoever imported what before.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import types
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Change:
    """One piece of a module's source, and what stands there instead."""

    module: str
    old: str
    new: str


class MissingTextError(AssertionError):
    """The piece of source is not there, or more than once: the mutant must be pointed at what took its place."""


@contextlib.contextmanager
def mutated(*changes: Change) -> Iterator[None]:
    """Everything runs with these changes until the block ends."""
    with contextlib.ExitStack() as undo:
        for change in changes:
            _put(change, undo)
        yield


def _put(change: Change, undo: contextlib.ExitStack) -> None:
    module = importlib.import_module(change.module)
    assert module.__file__ is not None
    source = Path(module.__file__).read_text(encoding="utf-8")
    if source.count(change.old) != 1:
        raise MissingTextError(f"{change.module}: {source.count(change.old)} times {change.old!r}")
    before = ast.parse(source)
    after = ast.parse(source.replace(change.old, change.new))
    fresh = types.ModuleType(module.__name__)
    fresh.__dict__.update(module.__dict__)
    changed = [
        new for old, new in zip(before.body, after.body, strict=True) if ast.dump(old) != ast.dump(new)
    ]
    assert changed, f"{change.module}: the change changes nothing"
    exec(compile(ast.Module(changed, []), module.__file__, "exec"), fresh.__dict__)
    for node in changed:
        for name in _names(node):
            _replace(module, name, fresh.__dict__[name], undo)


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            return [target.id for target in node.targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            raise AssertionError(f"a mutant cannot change {ast.unparse(node)}")


def _replace(module: types.ModuleType, name: str, fresh: Any, undo: contextlib.ExitStack) -> None:
    there = getattr(module, name)
    if inspect.isclass(there):
        for part, changed in vars(fresh).items():
            old = _function(vars(there).get(part))
            new = _function(changed)
            if old is not None and new is not None and old.__code__ != new.__code__:
                _swap(old, new, undo)
    elif (old := _function(there)) is not None:
        new = _function(fresh)
        assert new is not None
        _swap(old, new, undo)
    else:
        setattr(module, name, fresh)
        undo.callback(setattr, module, name, there)


def _function(value: Any) -> types.FunctionType | None:
    """The function behind a method, a property or a decorator that keeps what it wraps."""
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    if isinstance(value, property):
        value = value.fget
    while hasattr(value, "__wrapped__"):
        value = value.__wrapped__
    return value if isinstance(value, types.FunctionType) else None


def _swap(old: types.FunctionType, new: types.FunctionType, undo: contextlib.ExitStack) -> None:
    undo.callback(setattr, old, "__code__", old.__code__)
    undo.callback(setattr, old, "__defaults__", old.__defaults__)
    old.__code__, old.__defaults__ = new.__code__, new.__defaults__
