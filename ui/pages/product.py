"""The form of a product: names, code, price, stock mark, sizes and colours, picture; each field says what it wants."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from pos.domain.units import UNITS
from pos.l10n.unit_names import unit_name
from ui import keys
from ui.pages.product_kinds import Kinds
from ui.pages.stock_pane import Thumb
from ui.presenters.product_typed import FIELDS
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.choice import Choice, Tick
from ui.widgets.field import Field
from ui.widgets.overlay import Dialog
from ui.widgets.text import Box, Paragraph, Text

if TYPE_CHECKING:
    from ui.presenters.product import ProductForm
    from ui.theme.look import Look

_WIDTH = 900
_SIGNED = {"price": "৳", "cost": "৳"}
_HINTS = {
    "name_en": "may_be_empty", "sku": "code_given", "cost": "may_be_empty", "barcode": "may_be_empty",
    "minimum": "warned_at", "stock": "may_be_empty", "category": "may_be_empty",
}  # fmt: skip


class Labelled(QWidget):
    """A field under its name; what is wrong with it runs over as many lines as it needs."""

    def __init__(self, look: Look, name: str, field: QWidget) -> None:
        super().__init__()
        self.field = field
        self.fault = Paragraph(look, "", "sm", "danger")
        self.fault.hide()
        self.setLayout(column(Text(look, name, "smb", "text2", elide=True), field, self.fault, gap=4))

    def say(self, fault: str) -> None:
        """Show what is wrong, or nothing."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        if isinstance(self.field, Field):
            self.field.mark(fault)


class ProductDialog(Dialog):
    """A product, new or known. Esc leaves; what was typed is there again the next time."""

    def __init__(self, look: Look, over: QWidget, form: ProductForm) -> None:
        title = look.word("new_product") if form.before is None else look.word("edit_product")
        super().__init__(look, over, _WIDTH, title)
        self._form = form
        self._drawing = False
        self._categories = {look.word_or(f"category_{c}", c): c for c in form.categories()}
        self.title = Text(look, title, "h1", elide=True)
        self.left_off = Text(look, look.word("left_off_here"), "sm", "info")
        self.afresh = Button(look, look.word("start_afresh"), "ghost", height=32)
        self.afresh.clicked.connect(self._afresh)
        if not form.touched:  # what has no parent yet would be shown as a window of its own
            self.left_off.hide()
            self.afresh.hide()
        self.labelled: dict[str, Labelled] = {}
        self._make_fields()
        self.kinds = Kinds(look, form, self.follow)
        self.kinds.went_on.connect(self._next)
        self.kinds.stepped.connect(self._show_focus)
        self._body = QWidget()
        self._body.setProperty("clear", True)
        self._body.setLayout(
            column(
                row((self._grid(), 1), self._picture(), gap=24), self.kinds, "*", gap=16,
                margins=(24, 4, 24, 8),
            )
        )  # fmt: skip
        self.area = QScrollArea()
        self.area.setWidget(self._body)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fault = Paragraph(look, "", "sm", "danger")
        self.fault.hide()
        self.save = Button(look, look.word("save"), "primary", icon="check", key=keys.cap("main"))
        self.save.clicked.connect(self._save)
        self.leave = Button(look, look.word("leave"), "ghost", key="Esc")
        self.leave.clicked.connect(self.close_dialog)
        rule = Box(look, "border", None, 0)
        rule.setFixedHeight(1)
        self.panel.setLayout(
            column(
                row((self.title, 1), self.left_off, self.afresh, margins=(24, 0, 24, 0)),
                (self.area, 1),
                rule,
                row((self.fault, 1), "*", self.leave, self.save, margins=(24, 0, 24, 0)),
                gap=12,
                margins=(0, 20, 0, 20),
            )
        )
        form.on_fault = self._point
        form.watch(self.draw)
        self.draw()
        self.first = self.labelled["name_bn"].field

    # ---- parts ---------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        look = self._look
        for name in FIELDS:
            field = Field(
                look, look.word(f"field_{name}"), sign=_SIGNED.get(name, ""),
                placeholder=look.word(_HINTS[name]) if name in _HINTS else "",
                icon="barcode" if name == "barcode" else "lock" if name == "sku" and self._form.before else "",
                right=name in {"price", "cost", "minimum", "stock"},
            )  # fmt: skip
            field.edit.setProperty("place", name)
            self.follow(field)
            self.labelled[name] = Labelled(look, look.word(f"field_{name}"), field)
        completer = QCompleter(list(self._categories), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        category = self.labelled["category"].field
        assert isinstance(category, Field)
        category.edit.setCompleter(completer)
        completer.activated.connect(self._category_chosen)
        self.unit = Choice(
            look, look.word("field_unit"), [(unit, unit_name(unit, look.locale)) for unit in UNITS]
        )
        self.unit.currentIndexChanged.connect(self._unit)
        self.parts = Tick(look, look.word("sold_in_parts"))
        self.parts.toggled.connect(self._parts)

    def _grid(self) -> QWidget:
        look, at = self._look, self.labelled
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setContentsMargins(0, 0, 0, 0)
        places = (
            (at["name_bn"], at["name_en"]),
            (at["sku"], at["category"]),
            (at["price"], at["cost"]),
            (Labelled(look, look.word("field_unit"), self.unit), self.parts),
            (at["barcode"], at["minimum"]),
            (at["stock"], None),
        )
        for line, pair in enumerate(places):
            for side, widget in enumerate(pair):
                if widget is None:
                    continue
                low = Qt.AlignmentFlag.AlignBottom if widget is self.parts else Qt.AlignmentFlag.AlignTop
                grid.addWidget(widget, line, side, low)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.parts.setMinimumHeight(look.px(40))
        held = QWidget()
        held.setLayout(grid)
        return held

    def _picture(self) -> QWidget:
        look = self._look
        self.thumb = Thumb(look, look.px(160))
        self.choose = Button(look, look.word("choose_picture"), icon="photo", height=36)
        self.choose.clicked.connect(self._choose_picture)
        self.remove = Button(look, look.word("remove_picture"), "ghost", icon="trash", height=36)
        self.remove.clicked.connect(self._remove_picture)
        self.picture_fault = Paragraph(look, "", "sm", "danger")
        self.picture_fault.hide()
        side = QWidget()
        side.setFixedWidth(look.px(160))
        side.setLayout(
            column(
                Text(look, look.word("picture"), "smb", "text2"), self.thumb, self.choose, self.remove,
                self.picture_fault, "*", gap=8,
            )
        )  # fmt: skip
        return side

    def follow(self, field: Field) -> None:
        """What is typed goes into the form; a field that is left is looked at; Enter goes on."""
        field.edit.textEdited.connect(self._typed)
        field.edit.editingFinished.connect(self._left)
        field.edit.returnPressed.connect(self._next)

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what the form holds."""
        form, look = self._form, self._look
        if form.saved:
            self.close_dialog()
            return
        self._drawing = True
        for name, labelled in self.labelled.items():
            field = labelled.field
            assert isinstance(field, Field)
            value = form.values[name]
            if name == "category":
                value = next((word for word, code in self._categories.items() if code == value), value)
            if field.text() != value:
                field.edit.setText(value)
            labelled.say(form.faults.get(name, ""))
        self.labelled["sku"].field.setEnabled(form.before is None)
        self.labelled["stock"].setVisible(form.before is None and not form.variants)
        self.unit.choose(form.unit)
        self.parts.setChecked(form.fractions)
        self.kinds.draw()
        before = form.before
        picture = form.picture_now()
        self.thumb.show_product(before if picture is None else None, picture)
        self.remove.setVisible(picture is not None)
        for paragraph, name in ((self.picture_fault, "picture"), (self.fault, "form")):
            paragraph.setText(form.faults.get(name, ""))
            paragraph.setVisible(bool(form.faults.get(name)))
        self.save.setEnabled(not form.saving)
        self.title.setText(
            look.word("new_product") if before is None else look.either(before.name_bn, before.name_en)
        )
        self._drawing = False
        self._fit()

    def _fit(self) -> None:
        """As high as it needs, as long as the window has room."""
        layout = self._body.layout()
        assert layout is not None
        wanted = layout.totalHeightForWidth(self.panel.width()) if layout.hasHeightForWidth() else 0
        wanted = max(wanted, layout.sizeHint().height()) + self._look.px(140)
        room = self._window.height() - 32
        layout.setContentsMargins(24, 4, 14 if wanted > room else 24, 8)  # a scroll bar takes 10 of the right
        self.panel.setFixedHeight(min(wanted, room))

    def resizeEvent(self, event: object) -> None:
        """The window has another size."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    # ---- keys and typing -----------------------------------------------------------------------------

    def act(self, action: str) -> None:
        """F9 saves; Esc leaves and keeps what was typed."""
        if action == "main":
            self._save()
        elif action == "undo":
            edit = QApplication.focusWidget()
            if isinstance(edit, QLineEdit):
                edit.undo()
        elif not self._form.saving:
            super().act(action)

    def close_dialog(self) -> None:
        """Leave."""
        self._form.unwatch(self.draw)
        self._form.on_fault = None
        super().close_dialog()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What takes the focus comes into view."""
        moved = super().focusNextPrevChild(forward)
        self._show_focus()
        return moved

    def _show_focus(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self._body.isAncestorOf(focus):
            self.area.ensureWidgetVisible(focus, 0, self._look.px(60))

    def _typed(self, text: str) -> None:
        place = str(self.sender().property("place"))
        if place.startswith("variant."):
            _, at, name = place.split(".")
            self._form.type_variant(int(at), name, text)
        else:
            self._form.type(place, self._categories.get(text.strip(), text) if place == "category" else text)

    def _category_chosen(self, word: str) -> None:
        self._form.type("category", self._categories.get(word, word))

    def _left(self) -> None:
        if not self._drawing and self.isVisible():
            place = str(self.sender().property("place"))
            if not place.startswith("variant.") or int(place.split(".")[1]) < len(self._form.variants):
                self._form.leave(place)

    def _next(self) -> None:
        self.focusNextPrevChild(True)
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit):
            focus.selectAll()

    def _unit(self, _at: int) -> None:
        if not self._drawing:
            self._form.choose_unit(self.unit.code())

    def _parts(self, on: bool) -> None:
        if not self._drawing:
            self._form.choose_fractions(on=on)

    def _afresh(self) -> None:
        self._form.begin(self._form.before)
        self.left_off.hide()
        self.afresh.hide()
        self.labelled["name_bn"].field.setFocus()

    def _choose_picture(self) -> None:
        word = self._look.word
        kinds = f"{word('picture_files')} (*.jpg *.jpeg *.png *.webp *.gif *.bmp)"
        chosen, _ = QFileDialog.getOpenFileName(self, word("choose_picture"), "", kinds)
        if chosen:
            self._form.choose_picture(Path(chosen))

    def _remove_picture(self) -> None:
        self._form.choose_picture(None)

    def _save(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None:
            focus.clearFocus()
        self._form.save()

    def _point(self, field: str) -> None:
        """Go to the first problem."""
        if field.startswith("variant."):
            _, at, name = field.split(".")
            self.kinds.point(int(at), name)
        elif field == "picture":
            self.choose.setFocus()
        else:
            self.labelled[field].field.setFocus()
        self._show_focus()
