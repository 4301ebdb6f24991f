"""The Settings page: sections to the left, their fields in the middle, the receipt beside those that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.pages.page import PageView
from ui.pages.settings_fields import Section
from ui.pages.settings_people import PeopleSection
from ui.pages.settings_sections import AboutSection, HatSection, PrinterSection
from ui.presenters.settings import SECTIONS
from ui.widgets.arrange import column, row, show_in
from ui.widgets.bars import TitleBar
from ui.widgets.form import halves
from ui.widgets.receipt_view import ReceiptDesk
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Box

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from ui.presenters.settings import Settings
    from ui.theme.look import Look
    from ui.widgets.ink import Ink

_ICONS: Final = {
    "shop": "building-store", "printers": "printer", "device": "device-laptop", "hats": "calendar-event",
    "money": "currency-taka", "people": "users", "about": "info-circle",
}  # fmt: skip
_ROW, _LOW_ROW, _LARGE = 56, 54, 130  # low enough for all sections to stand in the smallest window
_WIDE: Final = 1600


class ShopSection(Section):
    """What stands on papers."""

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, settings)
        word = look.word
        self.card(
            word("first_identity_head"),
            self.field("shop.name", word("shop_name")),
            halves(self.field("shop.phone", word("shop_mobile"), icon="phone"),
                   self.district("shop.district", word("district"))),
            self.field("shop.trade", word("shop_trade"), example=word("shop_trade_example")),
            self.field("shop.address", word("shop_address")),
            halves(self.field("shop.page", word("shop_page"), example=word("shop_page_example")),
                   self.field("shop.complaint_days", word("complaint_days"))),
        )  # fmt: skip
        sizes = [("A4", word("set_paper_a4"), ""), ("A5", word("set_paper_a5"), "")]
        self.card(word("papers_word"), self.choice("paper.invoice", word("set_paper_invoice"), sizes))
        self.body.addStretch(1)


class DeviceSection(Section):
    """How this computer speaks and looks."""

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, settings)
        word = look.word
        self.card(
            word("section_device"),
            self.choice("lang", word("set_language"), [(c, word(f"lang_{c}"), "") for c in ("bn", "en")]),
            self.choice("digits", word("set_digits_word"), [(c, word(f"digits_{c}"), "") for c in ("bn", "latin")]),
            self.choice("ui.theme", word("set_theme"), [
                (code, word(f"set_theme_{code}"), icon)
                for code, icon in (("system", "device-desktop"), ("light", "sun"), ("dark", "moon"))
            ]),
            self.choice("ui.text", word("set_text_size"), [(c, word(f"text_{c}"), "") for c in ("100", "115", "130")]),
        )  # fmt: skip
        self.body.addStretch(1)


class MoneySection(Section):
    """Charges, rounding and refunds."""

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, settings)
        word = look.word
        self.card(
            word("delivery_charge"),
            halves(self.field("delivery.inside", word("delivery_inside"), sign="৳"),
                   self.field("delivery.outside", word("delivery_outside"), sign="৳")),
        )  # fmt: skip
        self.card(
            word("rounding_and_refunds"),
            self.choice("money.rounding", word("set_rounding"), [
                ("taka", word("rounding_taka"), ""), ("none", word("rounding_none"), ""),
            ]),
            halves(self.field("refund.days", word("set_refund_days")), column()),
        )  # fmt: skip
        self.body.addStretch(1)


_SECTIONS: Final[dict[str, type[Section]]] = {
    "shop": ShopSection, "printers": PrinterSection, "device": DeviceSection, "hats": HatSection,
    "money": MoneySection, "people": PeopleSection, "about": AboutSection,
}  # fmt: skip


class SettingsPage(PageView):
    """Every setting, kept at once."""

    name: ClassVar[str] = "settings"

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, settings)
        self._settings = settings
        self.bar = TitleBar(look, look.word("page_settings"))
        self.bar.sub.setText(look.word("settings_sub"))
        self.list = Rows(
            look,
            RowsModel(self._say),
            RowDelegate(look, _ROW if look.text_percent < _LARGE else _LOW_ROW, self._draw_item),
            look.word("page_settings"),
        )
        self.list.rows.fill(SECTIONS)
        self.list.setFixedWidth(min(look.px(256), 300))
        self.list.moved.connect(self._moved)
        self.list.opened.connect(self._opened)
        side = Box(look, "surface", "border", 0, "r", layout=column((self.list, 1), margins=(0, 8, 1, 8)))
        self.place = QScrollArea()
        self.place.setWidgetResizable(True)
        self.place.setFrameShape(QFrame.Shape.NoFrame)
        self.place.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.desk = ReceiptDesk(look, "l")
        self.column.addWidget(self.bar)
        self.column.addLayout(row(side, (self.place, 1), self.desk, gap=0), 1)
        self.section: Section | None = None
        self._shown = ""
        self.list.select(SECTIONS.index(settings.section))

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the section."""
        settings = self._settings
        if settings.section != self._shown:
            self._show(settings.section)
        assert self.section is not None
        self.section.draw()
        self.desk.show_pdf(settings.preview)

    def _show(self, name: str) -> None:
        self._shown = name
        if self.section is not None:
            self.section.keep()
        self.section = _SECTIONS[name](self.look, self._settings)
        outer = QWidget()
        outer.setProperty("clear", True)
        layout = row((self.section, 100), margins=(16, 12, 16, 12), gap=0)
        layout.addStretch(1)
        outer.setLayout(layout)
        show_in(self.place, outer)
        self.place.verticalScrollBar().setValue(0)
        self.desk.setVisible(name == "shop")
        self.list.select(SECTIONS.index(name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide window gives the paper more room."""
        super().resizeEvent(event)
        self.desk.setFixedWidth(440 if self.width() >= _WIDE else 340)

    def _say(self, section: str) -> str:
        return f"{self.look.word(f'section_{section}')}, {self.look.word(f'section_{section}_sub')}"

    def _draw_item(self, ink: Ink, rect: QRect, section: str, selected: bool) -> None:
        look, area = self.look, QRectF(rect)
        ink.ground(area, selected=selected, focus=self.list.hasFocus(), rule=False)
        token = "ptext" if selected else "text2"
        ink.icon(area.x() + 16, area.center().y() - 10, _ICONS[section], 20, token)
        word, sub = look.line("body"), look.line("sm")
        top, room = area.y() + (area.height() - word - sub) / 2, area.width() - 56
        ink.text(QRectF(area.x() + 48, top, room, word), look.word(f"section_{section}"),
                 "bodyb" if selected else "bodym", "ptext" if selected else "text")  # fmt: skip
        ink.text(
            QRectF(area.x() + 48, top + word, room, sub), look.word(f"section_{section}_sub"), "sm", "text3"
        )

    # ---- acting --------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """The list of sections takes the focus."""
        self._settings.refresh()
        self.draw()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """What was half typed is kept as if its field had been left."""
        if self.section is not None:
            self.section.keep()
        super().leave()

    def act(self, action: str) -> bool:
        """Esc goes back to the sections."""
        if action == "back":
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def _moved(self, at: int) -> None:
        if at >= 0:
            self._settings.choose(SECTIONS[at])

    def _opened(self, _at: int) -> None:
        if self.section is not None:
            self.section.arrive()
