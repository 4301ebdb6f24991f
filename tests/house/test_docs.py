"""docs/cli.md says what the command can do: all of it, and nothing else; and its examples run."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import click
import pytest

from pos.cli import main
from pos.cli.commands import hatkhata
from pos.domain.times import DHAKA
from pos.domain.units import UNITS
from pos.l10n.sentences import SENTENCES
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from pos.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADING = re.compile(r"^### `hatkhata ([a-z ]+?)((?: \[?[A-Z|]+\]?)*)`$", re.MULTILINE)
ANYWHERE = {"--json", "--help"}


class Section(NamedTuple):
    """What the page says of one command."""

    arguments: list[str]
    options: set[str]


class Block(NamedTuple):
    """A fenced block: console, or a file with its name."""

    kind: str
    name: str
    text: str


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "cli.md").read_text(encoding="utf-8")


def leaves(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words."""
    if not isinstance(command, click.Group) or (path and command.invoke_without_command):
        yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from leaves(inner, f"{path} {name}".strip())


def options_of(command: click.Command) -> set[str]:
    """Its options, each by its long name; one that is also said the other way round by both."""
    options = [p for p in command.params if isinstance(p, click.Option)]
    return {max(names, key=len) for p in options for names in (p.opts, p.secondary_opts) if names} - ANYWHERE


def first_column(text: str, heading: str) -> set[str]:
    """The names in backquotes in the first column of the table of that heading."""
    table = text.partition(f"| {heading} |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def sections(page: str) -> dict[str, Section]:
    """The page's commands."""
    starts = list(HEADING.finditer(page))
    ends = [*(match.start() for match in starts[1:]), len(page)]
    found = {}
    for match, end in zip(starts, ends, strict=True):
        body = re.split(r"^## ", page[match.end() : end], flags=re.MULTILINE)[0]
        found[match[1]] = Section(match[2].split(), first_column(body, "Option"))
    return found


def test_every_command_is_documented_and_no_other(page: str) -> None:
    assert set(sections(page)) == {path for path, _ in leaves(hatkhata)}


def test_every_option_and_argument_is_documented_and_no_other(page: str) -> None:
    described = sections(page)
    for path, command in leaves(hatkhata):
        options, arguments = described[path].options, described[path].arguments
        assert options == options_of(command), path
        taken = [p for p in command.params if isinstance(p, click.Argument)]
        if path != "stock":  # its SKU is told from a sub-command before the parser sees it
            named = [(p, p.metavar or (p.name or "").upper()) for p in taken]
            assert arguments == [name if p.required else f"[{name}]" for p, name in named], path


def test_options_without_a_command_are_documented(page: str) -> None:
    own = {max(p.opts, key=len) for p in hatkhata.params}
    assert first_column(page.partition("## Options without a command")[2], "Option") == own | ANYWHERE


def test_every_setting_is_documented_with_its_scope_and_default(page: str) -> None:
    rows = {
        cells[1].strip(" `"): (cells[2].strip(), cells[3].strip())
        for line in page.partition("| Setting |")[2].partition("\n\n")[0].splitlines()[2:]
        if (cells := line.split("|"))
    }
    from_init = {"shop.name", "shop.phone"}
    assert rows == {
        key: (item.scope, "from `init`" if key in from_init else str(item.default))
        for key, item in SETTINGS.items()
    }


def test_the_form_of_an_order_is_documented(page: str) -> None:
    table = page.partition("| Key |")[2].partition("\n\n")[0]
    for struct in (OrderRequest, ItemRequest, CustomerRequest, PaymentRequest):
        for name in struct.__struct_fields__:
            assert f"`{name}`" in table, name
    assert first_column(page, "Key") == set(OrderRequest.__struct_fields__)


def test_units_variables_and_codes_that_are_named_exist(page: str, root: Path) -> None:
    units = page.partition("**Unit**: ")[2].partition(", in many")[0]
    assert set(re.findall(r"`([^`]+)`", units)) == set(UNITS)
    source = "".join(path.read_text(encoding="utf-8") for path in (root / "pos").rglob("*.py"))
    for variable in first_column(page, "Variable"):
        assert f'"{variable}"' in source, variable
    for code in first_column(page, "Code"):
        assert code in SENTENCES, code
        assert f'"{code}"' in source, code


def blocks(page: str) -> Iterator[Block]:
    """Examples and the files they need, in the page's order."""
    for kind, name, text in re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        if kind == "console" or name:
            yield Block(kind, name, text)


def test_the_examples_run_and_answer_as_they_say(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HATKHATA_HOME", str(tmp_path / "shop"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    year = dt.datetime.now(DHAKA).year % 100
    ran = 0
    for block in blocks(page.replace("A-26-", f"A-{year:02d}-")):
        if block.name:
            (tmp_path / block.name).write_text(block.text, encoding="utf-8")
            continue
        for example in block.text.split("$ hatkhata ")[1:]:
            typed, *expected = example.splitlines()
            code = main(shlex.split(typed))
            said = capsys.readouterr()
            lines = iter((said.out + said.err).splitlines())
            assert code == (1 if '"error"' in example else 0), said
            for line in expected:
                wanted = unicodedata.normalize("NFC", line)
                assert any(given.startswith(wanted) for given in lines), (typed, line, said)
            ran += 1
    assert ran > 10
