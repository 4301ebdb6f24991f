"""What lies in the checkout is finished, and names no machine and no registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# Put together from halves, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:{})\b".format("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"))))
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|opt|farm|var/tmp|home/[a-z]+)/\w|[A-Z]:\\Users\\")
REGISTRY = re.compile(
    r"(?:{})\b|--(?:extra-)?index-url|--find-links".format(
        "|".join(("pypi" + r"\.org", "python" + r"hosted\.org", "deb" + r"\.debian", "npm" + r"js\.org"))
    )
)


def lines_with(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Path, number and text of each line that the pattern finds."""
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts.items()
        if path != "tests/house/test_tree.py"
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(
    "pattern", [UNFINISHED, MACHINE_PATH, REGISTRY], ids=["unfinished", "path", "registry"]
)
def test_no_file_names_unfinished_work_a_machine_or_a_registry(
    texts: dict[str, str], pattern: re.Pattern[str]
) -> None:
    found = lines_with(pattern, texts)
    assert not found, "\n".join(found)


def test_the_checks_see_what_they_look_for() -> None:
    assert UNFINISHED.search("# TO" + "DO: later")
    assert MACHINE_PATH.search("see /ro" + "ot/shop.db")
    assert MACHINE_PATH.search('"/wo' + 'rk/x"')
    assert not MACHINE_PATH.search("resources/work/at")
    assert REGISTRY.search("https://pypi" + ".org/simple")


def test_the_fonts_come_with_their_licence(root: Path) -> None:
    fonts = list((root / "resources").rglob("*.ttf"))
    assert fonts
    for font in fonts:
        licence = (font.parent / "OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in licence.upper()


def test_every_picture_and_page_that_a_page_links_to_is_there(root: Path, texts: dict[str, str]) -> None:
    missing = [
        f"{path}: {target}"
        for path, text in texts.items()
        if path.endswith(".md")
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
        if not target.startswith(("http:", "https:", "mailto:"))
        if not ((root / path).parent / target).exists()
    ]
    assert not missing, "\n".join(missing)
