"""Whatever can go wrong is said to the vendor, in both languages, with everything it needs filled in."""

from __future__ import annotations

import ast
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from pos.l10n.sentences import FIELDS, SENTENCES, sentence

if TYPE_CHECKING:
    from pos.l10n import Lang

# BugError is not among these: a vendor cannot act on one, and is given the general sentence.
FOR_THE_VENDOR = {"UserError", "ConflictError", "EnvironmentFault"}
EVERY_ERROR = FOR_THE_VENDOR | {"PosError", "BugError"}


@dataclass(frozen=True)
class Raised:
    """One place in the code that makes an error."""

    where: str
    kind: str
    code: str | None
    params: frozenset[str]
    fields: frozenset[str]
    open_ended: bool


def raised_in(path: str, text: str) -> list[Raised]:
    """Every error the module makes; `code` is None where it is not written out."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        kind = ast.unparse(node.func).rpartition(".")[2]
        if kind not in EVERY_ERROR:
            continue
        values = {word.arg: word.value for word in node.keywords if word.arg}
        field = values.get("field")
        found += [
            Raised(
                f"{path}:{node.lineno}",
                kind,
                code,
                frozenset(values),
                frozenset(name for name in _literals(field) if name) if field else frozenset(),
                any(word.arg is None for word in node.keywords),
            )
            for code in (_literals(node.args[0]) if node.args else [None])
        ]
    return found


def _literals(node: ast.expr) -> list[str | None]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return _literals(body) + _literals(orelse)
        case _:
            return [None]


def placeholders(code: str) -> dict[str, set[str]]:
    """The names that each language's sentence wants filled in."""
    return {
        lang: {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        for lang, text in zip(("bn", "en"), SENTENCES[code], strict=True)
    }


@pytest.fixture(scope="module")
def raised(texts: dict[str, str]) -> list[Raised]:
    """Every error that the product makes."""
    paths = [path for path in texts if path.endswith(".py") and path.startswith(("pos/", "ui/"))]
    return [error for path in paths if path != "pos/errors.py" for error in raised_in(path, texts[path])]


def test_every_error_code_is_written_out_where_it_is_raised(raised: list[Raised]) -> None:
    assert raised
    unwritten = [error.where for error in raised if error.code is None]
    assert not unwritten, "\n".join(unwritten)


def test_every_error_the_vendor_can_meet_has_a_sentence(raised: list[Raised]) -> None:
    met = [error for error in raised if error.kind in FOR_THE_VENDOR]
    unsaid = [f"{error.where} {error.code}" for error in met if error.code not in SENTENCES]
    assert not unsaid, "\n".join(unsaid)


def test_every_sentence_is_given_what_it_wants_filled_in(raised: list[Raised]) -> None:
    empty = [
        f"{error.where} {code}: {lang} wants {sorted(wanted - error.params)}"
        for error in raised
        if not error.open_ended
        for code in (error.code, *(f"{error.code}:{name}" for name in error.params))
        if code in SENTENCES
        for lang, wanted in placeholders(code).items()
        if not wanted <= error.params
    ]
    assert not empty, "\n".join(empty)


def test_every_field_that_an_error_names_has_a_name_in_both_languages(raised: list[Raised]) -> None:
    unnamed = sorted(f"{error.where} {name}" for error in raised for name in error.fields - set(FIELDS))
    assert not unnamed, "\n".join(unnamed)


def test_every_sentence_is_whole_in_both_languages() -> None:
    for code, (bangla, english) in SENTENCES.items():
        assert any("\u0980" <= letter <= "\u09ff" for letter in bangla), code
        assert not any("\u0980" <= letter <= "\u09ff" and letter != "৳" for letter in english), code
        wanted = placeholders(code)
        assert wanted["bn"] == wanted["en"], code
        for lang, text in (("bn", bangla), ("en", english)):
            assert text == text.strip(), code
            plain, _, variant = code.partition(":")
            # The first param that has a sentence of its own decides, so the one that is meant comes first.
            params = {name: _value(name) for name in [variant, *sorted(wanted[lang] - {variant})] if name}
            said = sentence(plain, params, _lang(lang))
            assert "{" not in said, code
            assert "…" not in said, code


def test_an_error_of_ours_is_said_without_its_code() -> None:
    said = sentence("no_such_code_anywhere", {}, "en")
    assert "no_such_code_anywhere" not in said
    assert said.endswith(".")


def _value(name: str) -> object:
    if name.endswith(("_paisa", "_milli")):
        return 1500
    return "name" if name == "field" else "12"


def _lang(lang: str) -> Lang:
    return "bn" if lang == "bn" else "en"
