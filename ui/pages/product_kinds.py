"""Sizes and colours on the form of a product: lists that make them, and a row of fields for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.presenters.product_typed import VARIANT_FIELDS
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.text import Box, Paragraph, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.presenters.product import ProductForm
    from ui.theme.look import Look

    Follow = Callable[[Field], None]


class KindRow(QWidget):
    """One size or colour.

    Signals:
        gone: it is to be taken out; its place.
    """

    gone = Signal(int)

    def __init__(self, look: Look, follow: Follow, at: int, in_hand: str | None) -> None:
        """A row.

        Args:
            look: how it looks.
            follow: is given each field; `place` is its property.
            at: the place among the rows.
            in_hand: what there is of one that is saved; None for a new one.
        """
        super().__init__()
        self._at = at
        self.fields: dict[str, Field] = {}
        self.fault = Paragraph(look, "", "sm", "danger")
        self.fault.hide()
        parts: list[QWidget | tuple[QWidget, int]] = []
        for name in VARIANT_FIELDS:
            field = Field(
                look, look.word(f"field_{name}"), sign="৳" if name == "price" else "", height=36,
                right=name in {"price", "stock"},
                placeholder=look.word("same_price") if name == "price" else "",
            )  # fmt: skip
            field.edit.setProperty("place", f"variant.{at}.{name}")
            follow(field)
            self.fields[name] = field
            parts.append((field, _share(name)))
        self.away = Button(look, "", "ghost", icon="x", height=36, tip=look.word("take_out_row"))
        self.away.clicked.connect(self._away)
        if in_hand is not None:  # its stock is changed by counting, and it was sold by its code
            self.fields["stock"].setEnabled(False)
            self.fields["stock"].edit.setPlaceholderText(in_hand)
            policy = self.away.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            self.away.setSizePolicy(policy)
            self.away.hide()
        self.setLayout(column(row(*parts, self.away, gap=6), self.fault, gap=2))

    def say(self, faults: dict[str, str]) -> None:
        """Show what is wrong with any of its fields."""
        for name, field in self.fields.items():
            field.mark(faults.get(name, ""))
        text = next(iter(faults.values()), "")
        self.fault.setText(text)
        self.fault.setVisible(bool(text))

    def _away(self) -> None:
        self.gone.emit(self._at)


class Kinds(QWidget):
    """All of them, under the lists that make them.

    Signals:
        went_on: Enter was pressed with nothing in the lists.
        stepped: the focus went into a row.
    """

    went_on = Signal()
    stepped = Signal()

    def __init__(self, look: Look, form: ProductForm, follow: Follow) -> None:
        super().__init__()
        self._look, self._form, self._follow = look, form, follow
        self.rows: list[KindRow] = []
        rule = Box(look, "line", None, 0)
        rule.setFixedHeight(1)
        self.colours = Field(look, look.word("field_colour"), placeholder=look.word("colours_list"))
        self.sizes = Field(look, look.word("field_size"), placeholder=look.word("sizes_list"))
        make = Button(look, look.word("make_variants"), icon="plus")
        make.clicked.connect(self._spread)
        one = Button(look, look.word("add_variant"), "ghost", icon="plus")
        one.clicked.connect(self._one_more)
        for field in (self.colours, self.sizes):
            field.edit.returnPressed.connect(self._spread_or_on)
        heads = [
            (Text(look, look.word(f"field_{name}"), "sm", "text2", elide=True), _share(name))
            for name in VARIANT_FIELDS
        ]
        self.heads = QWidget()
        self.heads.setLayout(row(*heads, look.px(36) + 6, gap=6))
        self._listed = column(gap=6)
        makers = QWidget()
        makers.setLayout(row((self.colours, 1), (self.sizes, 1), make, one, gap=8))
        if form.plain:  # what has no parent yet would be shown as a window of its own
            makers.hide()
        hint = look.word("plain_product" if form.plain else "variants_hint")
        self.setLayout(
            column(
                rule, Text(look, look.word("variants"), "bodyb"), Paragraph(look, hint, "sm", "text2"),
                makers, self.heads, self._listed, gap=8,
            )
        )  # fmt: skip

    def draw(self) -> None:
        """Show what the form holds."""
        form = self._form
        if len(self.rows) != len(form.variants):
            for old in self.rows:
                self._listed.removeWidget(old)
                old.hide()
                old.deleteLater()
            self.rows = [
                KindRow(self._look, self._follow, at, self._in_hand(one.sku))
                for at, one in enumerate(form.variants)
            ]
            for made in self.rows:
                made.gone.connect(form.remove_variant)
                self._listed.addWidget(made)
        self.heads.setVisible(bool(self.rows))
        for at, (shown, entry) in enumerate(zip(self.rows, form.variants, strict=True)):
            faults = {}
            for name, field in shown.fields.items():
                if field.text() != getattr(entry, name):
                    field.edit.setText(getattr(entry, name))
                if said := form.faults.get(f"variant.{at}.{name}"):
                    faults[name] = said
            shown.say(faults)

    def point(self, at: int, name: str) -> None:
        """Go to a field of a row."""
        self.rows[at].fields[name].edit.setFocus()
        self.stepped.emit()

    def _in_hand(self, sku: str) -> str | None:
        """What there is of a variant that is saved."""
        look, before = self._look, self._form.before
        if not sku or before is None:
            return None
        milli = next(v.on_hand_milli for v in before.variants if v.sku == sku)
        return look.word("in_hand", quantity=look.quantity(milli, before.unit))

    def _spread_or_on(self) -> None:
        """Enter makes the variants; with nothing written it goes on."""
        if self.colours.text().strip() or self.sizes.text().strip():
            if self.sender() is self.colours.edit and not self.sizes.text().strip():
                self.sizes.edit.setFocus()
            else:
                self._spread()
        else:
            self.went_on.emit()

    def _spread(self) -> None:
        if self._form.spread(self.colours.text(), self.sizes.text()):
            self.colours.edit.clear()
            self.sizes.edit.clear()
            new = next((at for at, one in enumerate(self.rows) if one.fields["stock"].isEnabled()), None)
            if new is not None:
                self.point(new, "stock")

    def _one_more(self) -> None:
        self._form.add_variant()
        self.point(len(self.rows) - 1, "colour")


def _share(name: str) -> int:
    """Of the width of a row."""
    return 3 if name == "barcode" else 2
