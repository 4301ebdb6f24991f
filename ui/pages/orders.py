"""The Orders page: the list with its tabs and search, and the order at hand beside it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from pos.domain.times import dhaka_day
from pos.l10n.dates import hat_name
from ui import keys
from ui.pages.orders_bulk import BulkBar
from ui.pages.orders_preview import OrderPreview
from ui.pages.orders_rows import ROW_HEIGHT, TICK_WIDTH, OrderLines, OrdersHead
from ui.pages.page import PageView
from ui.presenters.orders import MOST_TICKED
from ui.widgets.arrange import column, row
from ui.widgets.bars import TitleBar
from ui.widgets.button import Button, Pills
from ui.widgets.choice import Choice
from ui.widgets.field import Field
from ui.widgets.paged import Paged
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Box, Mark, Text

if TYPE_CHECKING:
    from pos.services.order_book import HatOrders, OrderRow
    from pos.shop import Shop
    from ui.notices import Toast
    from ui.presenters.orders import Orders
    from ui.presenters.thumbs import Thumbs
    from ui.theme.look import Look
    from ui.widgets.ink import Ink

_WIDE = 1600
_MOST_PREVIEW = 400
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Nothing(QWidget):
    """What stands in the place of an empty list: what this is, how to go on, one button."""

    pressed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.icon = Mark(look, "clipboard-list")
        self.title = Text(look, "", "h2", align=Qt.AlignmentFlag.AlignCenter, elide=True)
        self.hint = Text(look, "", "body", "text2", align=Qt.AlignmentFlag.AlignCenter, elide=True)
        self.button = Button(look, "")
        self.button.clicked.connect(self.pressed)
        layout = column(
            "*", self.icon, self.title, self.hint, self.button, "*", gap=10, margins=(24, 24, 24, 24)
        )
        layout.setAlignment(self.icon, Qt.AlignmentFlag.AlignHCenter)
        layout.setAlignment(self.button, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(layout)

    def say(self, title: str, hint: str = "", word: str = "") -> None:
        """Say this."""
        self.title.setText(title)
        self.hint.setText(hint)
        self.button.relabel(word)
        self.button.setVisible(bool(word))


class OrdersPage(PageView):
    """Every order: find it, see it, take its next step.

    Signals:
        selling: the vendor wants to take a new order.
    """

    name: ClassVar[str] = "orders"
    selling = Signal()

    def __init__(self, look: Look, orders: Orders, shop: Shop, thumbs: Thumbs) -> None:
        super().__init__(look, orders)
        self._orders, self._shop = orders, shop
        self._version = -1
        self._hats: list[HatOrders] = []
        self.search = Field(
            look, look.word("search_orders"), placeholder=look.word("search_orders"), icon="search",
            key=keys.cap("search"),
        )  # fmt: skip
        self.search.edit.setText(orders.typed)
        self.search.edit.textEdited.connect(orders.type)
        self.search.edit.installEventFilter(self)
        self.hat = Choice(look, look.word("which_hat"), [("", look.word("all_hats"))], icon="calendar-event")
        self.hat.setFixedWidth(look.px(176))
        self.hat.activated.connect(self._hat_chosen)
        self.new = Button(look, look.word("new_order"), "primary", icon="plus", key=keys.cap("new"))
        self.new.clicked.connect(self.selling)
        self.bar = TitleBar(look, look.word("page_orders"), self.search, self.hat, self.new)
        self.tabs = Pills(look, tabs=True, height=40)
        self.tabs.chosen.connect(orders.choose_tab)
        self.more = Button(look, look.word("orders_more"), "ghost", icon="chevron-down", height=32)
        self.more.clicked.connect(self._more)
        self.fresh = Button(look, "", "soft", icon="refresh", height=32)
        self.fresh.clicked.connect(self._show_fresh)
        self.lines = OrderLines(look, self._today())
        self.list = Rows(
            look, RowsModel(self.lines.say), RowDelegate(look, ROW_HEIGHT, self._draw_row),
            look.word("page_orders"),
        )  # fmt: skip
        self.list.moved.connect(orders.choose)
        self.list.opened.connect(self._opened)
        self.list.installEventFilter(self)
        self.list.viewport().installEventFilter(self)
        self.head = OrdersHead(self.lines, self.list.viewport())
        self.head.ticked.connect(orders.tick_all)
        self.under = QWidget()  # so that the bar hides no row
        self.under.setFixedHeight(look.px(64))
        self.under.hide()
        self.card = Box(
            look, "surface", "border", 8,
            layout=column(self.head, (self.list, 1), self.make_toast_room(), self.under, gap=0,
                          margins=(1, 1, 1, 1)),
        )  # fmt: skip
        self.nothing = Nothing(look)
        self.nothing.pressed.connect(self._help_out)
        self.preview = OrderPreview(look, thumbs)
        self.preview.stepped.connect(orders.step)
        self.preview.printed.connect(orders.print)
        self.left = QWidget()
        self.left.setLayout(
            column(
                row((self.tabs, 1), self.more, self.fresh), (self.card, 1), (self.nothing, 1), gap=0,
                margins=(16, 8, 16, 12),
            )
        )  # fmt: skip
        self.bulk = BulkBar(look, self.left)
        self.bulk.stepped.connect(orders.step)
        self.bulk.left.connect(orders.untick)
        self.column.addWidget(self.bar)
        self.column.addLayout(row((self.left, 1), self.preview, gap=0), 1)
        self.toast_ground = self.left

    def _today(self) -> dt.date:
        return dhaka_day(self._shop.desk.clock.now_ms())

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what the presenter holds."""
        orders, look = self._orders, self.look
        if self.search.edit.text() != orders.typed:
            self.search.edit.setText(orders.typed)
        self._draw_hats()
        self._draw_head()
        self._draw_tabs()
        self.fresh.setVisible(orders.fresh > 0)
        self.fresh.relabel(look.word("n_new_look", fresh=orders.fresh))
        self.lines.today, self.lines.one_hat = self._today(), orders.hat is not None
        self._draw_ticks()
        if self._version != orders.version:
            self._version = orders.version
            self._fill()
        if self.list.at() != orders.at():
            self.list.select(orders.at())
        empty = not orders.ids
        if empty and self.list.hasFocus():  # else Qt would hand it to whatever comes next
            self.search.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.card.setVisible(not empty)
        self.nothing.setVisible(empty)
        if empty:
            self._say_nothing()
        self.preview.draw(orders, self.lines.today)

    def _draw_row(self, ink: Ink, rect: QRect, shown: OrderRow | None, selected: bool) -> None:
        self.lines.draw(ink, rect, shown, selected=selected, focus=self.list.hasFocus())

    def _fill(self) -> None:
        """Other rows, and the same place in the list: what is looked at does not move."""
        bar = self.list.verticalScrollBar()
        where = bar.value()
        self.list.blockSignals(True)
        self.list.rows.fill(Paged(self._orders.ids, self._orders.rows))
        self.list.doItemsLayout()
        bar.setValue(where)
        self.list.select(self._orders.at())
        self.list.blockSignals(False)

    def _draw_ticks(self) -> None:
        orders = self._orders
        some, every = len(orders.ticked), min(len(orders.ids), MOST_TICKED)
        self.lines.ticked = orders.ticked
        self.lines.every = None if 0 < some < every else some > 0
        self.under.setVisible(some > 0)
        self.bulk.draw(orders)
        self._raise_toast()
        self.head.update()
        self.list.viewport().update()

    def show_toast(self, toast: Toast) -> None:
        """Above the bar, where that is shown."""
        super().show_toast(toast)
        self._raise_toast()

    def _raise_toast(self) -> None:
        if self._toast is not None:
            self._toast.rise(self.under.height() if self._orders.ticked else 0)

    def _draw_hats(self) -> None:
        orders = self._orders
        if orders.hats != self._hats:
            self._hats = orders.hats
            self.hat.blockSignals(True)
            self.hat.clear()
            self.hat.addItem(self.look.word("all_hats"), "")
            for hat in self._hats:
                self.hat.addItem(self._hat_word(hat), hat.on.isoformat())
            self.hat.blockSignals(False)
        self.hat.choose(orders.hat.isoformat() if orders.hat is not None else "")

    def _hat_word(self, hat: HatOrders) -> str:
        return hat_name(hat.ordinal, self.look.locale) or self.look.day(hat.on, self._today())

    def _draw_head(self) -> None:
        orders, look = self._orders, self.look
        hat = orders.hat_shown()
        said = [self._hat_word(hat) if hat is not None else look.word("all_hats")]
        count = look.word("orders_of", orders=look.count(orders.counts.get("all", 0)))
        if hat is not None and hat_name(hat.ordinal, look.locale):
            count = f"{look.day(hat.on, self._today())} {count}"
        self.bar.sub.setText(" · ".join([*said, count, look.money(orders.taken_paisa)]))
        # The search gives way to the sum, which is never cut.
        taken = self.hat.width() + self.new.sizeHint().width() + look.width(self.bar.sub.text(), "sm") + 72
        self.search.setFixedWidth(max(look.px(200), min(look.px(304), self.width() - taken)))

    def _draw_tabs(self) -> None:
        """Those that fit side by side, and the others behind one button; the chosen one is always in sight."""
        look = self.look
        items: list[tuple[str, str, int | None]] = [
            (tab, look.word(f"orders_tab_{tab}"), count) for tab, count in self._orders.tabs()
        ]
        room = self.left.width() - 32
        if self._orders.fresh:
            room -= self.fresh.sizeHint().width() + 8
        widths = [self._tab_width(word, count or 0) for _, word, count in items]
        self._behind: list[tuple[str, str, int | None]] = []
        if sum(widths) > room:
            room -= self.more.sizeHint().width() + 8
            chosen = next(at for at, item in enumerate(items) if item[0] == self._orders.tab)
            shown = [chosen]
            used = widths[chosen]
            for at, width in enumerate(widths):
                if at != chosen and used + width <= room:
                    used += width
                    shown.append(at)
                elif at != chosen:
                    break
            self._behind = [item for at, item in enumerate(items) if at not in shown]
            items = [items[at] for at in sorted(shown)]
        self.more.setVisible(bool(self._behind))
        self.tabs.fill(items, self._orders.tab)

    _behind: list[tuple[str, str, int | None]] = []  # noqa: RUF012 - replaced with each drawing, never changed

    def _tab_width(self, word: str, count: int) -> int:
        look = self.look
        return look.width(word, "bodyb") + 8 + max(24, look.width(look.count(count), "smb") + 14) + 6 + 16

    def _say_nothing(self) -> None:
        orders, look = self._orders, self.look
        narrow = orders.hat is not None or orders.tab != "all"
        if orders.typed.strip():
            hint = look.word("search_hint_here" if narrow else "search_hint_all")
            word = look.word("search_everywhere") if narrow else ""
            self.nothing.say(look.word("no_order_match", text=orders.typed), hint, word)
        elif not orders.counts.get("all"):
            self.nothing.say(look.word("no_orders_yet"), look.word("no_orders_hint"), look.word("new_order"))
        elif orders.tab in {"new", "to_pack"}:
            self.nothing.say(look.word("all_checked" if orders.tab == "new" else "all_packed"))
        else:
            self.nothing.say(look.word("none_in_tab"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide window gives the preview more room."""
        super().resizeEvent(event)
        wide = self.width() + self.look.px(88) >= _WIDE
        self.preview.setFixedWidth(min(_MOST_PREVIEW, self.look.px(400 if wide else 344)))
        self.column.activate()
        self._draw_head()
        self._draw_tabs()
        self.bulk.place()

    # ---- keys ----------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """Read everything anew; the list has the focus, and typing goes to the search."""
        self._orders.arrive()
        self.draw()
        (self.list if self._orders.ids else self.search.edit).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def act(self, action: str) -> bool:
        """What the keys of this page do."""
        acts = {
            "search": self._search,
            "main": self._orders.step,
            "undo": self._undo,
            "redo": self._orders.redo,
            "back": self._back,
            "new": self.selling.emit,
            "print": self._receipt,
            "print_invoice": self._invoice,
        }
        if action not in acts:
            return False
        acts[action]()
        return True

    def scan(self, code: str) -> bool:
        """The barcode of a receipt opens its order."""
        return self._orders.open_scanned(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters typed anywhere on the page are searched for."""
        text, edit = event.text(), self.search.edit
        chord = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if not (text.isprintable() and text.strip()) or chord:
            super().keyPressEvent(event)
            return
        if edit.hasFocus():
            edit.insert(text)
        else:
            edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
            edit.setText(text)
        self._orders.type(edit.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while typing goes on, Enter opens; Space or a click on its box ticks a row."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if watched is self.search.edit:
                return self._key_in_search(event) or super().eventFilter(watched, event)
            if watched is self.list and event.key() == Qt.Key.Key_Space and not event.modifiers():
                self._orders.tick(self.list.at())
                return True
        elif kind in {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}:
            assert isinstance(event, QMouseEvent)
            if watched is self.list.viewport() and event.position().x() < TICK_WIDTH:
                self._orders.tick(self.list.indexAt(event.position().toPoint()).row())
                return True
        return super().eventFilter(watched, event)

    def _key_in_search(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in _STEPS:
            self._orders.move(_STEPS[key])
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._orders.ids:
                self._orders.open()
            else:
                self._help_out()
            return True
        return False

    # ---- acts ----------------------------------------------------------------------------------------

    def _search(self) -> None:
        self.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.edit.selectAll()

    def _back(self) -> None:
        self._orders.back()
        if self._orders.ids:
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _undo(self) -> None:
        """In the search the typing there is undone first."""
        edit = self.search.edit
        if edit.hasFocus() and edit.isUndoAvailable():
            edit.undo()
            self._orders.type(edit.text())
        else:
            self._orders.undo()

    def _opened(self, at: int) -> None:
        self._orders.choose(at)
        self._orders.open()

    def _hat_chosen(self) -> None:
        code = self.hat.code()
        self._orders.choose_hat(dt.date.fromisoformat(code) if code else None)

    def _more(self) -> None:
        menu = QMenu(self)
        for tab, word, count in self._behind:
            item = QAction(f"{word}  {self.look.count(count or 0)}", menu)
            item.setData(tab)
            menu.addAction(item)
        menu.triggered.connect(self._more_chosen)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    def _more_chosen(self, item: QAction) -> None:
        self._orders.choose_tab(item.data())

    def _show_fresh(self) -> None:
        self._orders.show_fresh()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _help_out(self) -> None:
        if self._orders.typed.strip():
            self._orders.search_all_hats()
        else:
            self.selling.emit()

    def _receipt(self) -> None:
        self._orders.print("receipt")

    def _invoice(self) -> None:
        self._orders.print("invoice")
