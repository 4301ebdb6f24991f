"""What every command keeps to: one object, four exit codes, a sentence for every error in two languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pos.cli import run
from pos.cli.commands import hatkhata

if TYPE_CHECKING:
    from tests.cli.conftest import Command


@pytest.mark.parametrize(
    "words",
    [
        ("--json", "stock", "P001"),
        ("stock", "--json", "P001"),
        ("stock", "P001", "--json"),
        ("--json", "stock", "P001", "--json"),
    ],
)
def test_json_may_stand_at_any_place(shop: Command, words: tuple[str, ...]) -> None:
    assert shop(*words).value["items"][0]["sku"] == "P001"


@pytest.mark.parametrize(
    ("words", "param"),
    [
        (("frobnicate",), "command"),
        (("order", "frobnicate"), "command"),
        (("order",), "choose"),
        (("find",), "missing"),
        (("find", "x", "--limt", "5"), "option"),
        (("find", "x", "--limit"), "valueless"),
        (("find", "x", "--limit", "many"), "argument"),
        (("init", "--vendor", "x"), "missing"),
        (("init", "--vendor", "x", "--phone", "1", "--lang", "fr"), "allowed"),
        (("order", "take"), "missing"),
        (("order", "show", "A-26-000001", "extra"), "what"),
        (("import", "."), "argument"),
    ],
)
def test_a_command_that_is_not_understood_is_usage_in_both_languages(
    shop: Command, words: tuple[str, ...], param: str
) -> None:
    wrong = shop.json(*words, code=2)
    assert wrong["error"] == "usage"
    assert wrong["params"][param]
    assert wrong["params"]["what"]
    spoken = shop(*words)
    assert (spoken.code, spoken.out) == (2, "")
    assert spoken.err.splitlines()[0] == wrong["message"]
    # The parser does not say whose option it is that has no value.
    assert "Usage: hatkhata" in spoken.err or param == "valueless"
    shop("settings", "set", "lang", "en")
    english = shop.json(*words, code=2)
    assert english["params"] == wrong["params"]
    assert english["message"].isascii() or "“" in english["message"]


def test_help_and_version_are_objects_too(command: Command) -> None:
    from pos import __version__

    assert command.json("--version") == {"version": __version__}
    assert command("--version").lines == [f"hatkhata {__version__}"]
    assert command.json("order", "take", "--help")["help"].startswith("Usage: hatkhata order take")
    assert command.json()["help"] == command.json("--help")["help"]
    assert command("--help").out.startswith("Usage: hatkhata")


def test_every_command_names_json_in_its_help(command: Command) -> None:
    def walk(path: list[str], node: object) -> list[list[str]]:
        inner = getattr(node, "commands", {})
        return [path, *(found for name, child in inner.items() for found in walk([*path, name], child))]

    for path in walk([], hatkhata):
        assert "--json" in command(*path, "--help").out, path


def test_a_fault_of_our_own_is_told_with_a_word_and_logged_with_its_place(
    shop: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("01712345678 গোপন")

    monkeypatch.setattr("pos.services.stock.Stock.items", broken)
    answer = shop("stock", "--json")
    assert answer.code == 3
    assert answer.value["error"] == "bug"
    assert answer.value["params"] == {"kind": "ZeroDivisionError"}
    assert not answer.err
    log = (shop.home / "logs" / "hatkhata.log").read_text(encoding="utf-8")
    entry = json.loads(log.splitlines()[-1])
    assert (entry["event"], entry["error"]) == ("command_failed", "ZeroDivisionError")
    assert entry["where"].startswith("test_answers.py:")
    assert "01712345678" not in log
    spoken = shop("stock")
    assert (spoken.code, spoken.out) == (3, "")
    assert "ZeroDivisionError" in spoken.err


@pytest.mark.parametrize(
    ("error", "code", "name"), [(KeyboardInterrupt, 1, "stopped"), (MemoryError, 3, "memory_short")]
)
def test_being_stopped_and_running_out_of_memory_have_their_sentences(
    shop: Command, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], code: int, name: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("pos.services.stock.Stock.items", interrupted)
    assert shop.refuses("stock", code=code) == name


def test_trouble_while_closing_does_not_take_the_answer_back(
    shop: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.shop import Shop

    close = Shop.close

    def failing(self: Shop) -> None:
        close(self)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Shop, "close", failing)
    taken = shop.take({"items": [{"sku": "P001", "qty": 1}], "rest": "due"})
    monkeypatch.undo()
    assert taken["number"] == "A-26-000001"


def test_the_four_exit_codes_are_what_they_are_said_to_be() -> None:
    assert (run.DONE, run.MENDABLE, run.USAGE, run.ENVIRONMENT) == (0, 1, 2, 3)


def test_a_demo_at_no_time_is_refused(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATKHATA_NOW", "noon")
    assert command.refuses("--demo") == "date_unclear"
