"""The first run: steps to the left, one question at a time in the middle, the receipt to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from ui import keys
from ui.pages.first_step import FORM
from ui.pages.first_steps import page_of
from ui.pages.help import HelpDialog
from ui.presenters.first_answers import BACKUP, STEPS
from ui.theme.look import Look
from ui.theme.sheet import palette, style_sheet
from ui.widgets.arrange import column, row, show_in
from ui.widgets.button import Button
from ui.widgets.ink import Ink, keycap_width
from ui.widgets.receipt_view import ReceiptDesk
from ui.widgets.steps import StepsPane
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from ui.pages.first_step import StepPage
    from ui.presenters.first import First
    from ui.theme.look import ThemeName
    from ui.widgets.overlay import Dialog

SMALLEST: Final = (1280, 640)
_WIDE: Final = 1600
_DESK: Final = (264, 364)  # least and most of it, in a window that is not wide
_LEAST_MIDDLE: Final = 560
_COUNT_MS: Final = 200
_WORKING: Final = {
    "founding": "founding", "joining": "pairing_under_way_sub", "backup": "backup_working",
    "restoring": "restore_working",
}  # fmt: skip


class NextButton(Button):
    """The one big button: its word, an arrow that leads on, and Enter."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, look.word("first_next"), "primary", height=48)
        self._style = "bodyb"
        self.arrow = True

    def _content_width(self) -> int:
        arrow = 28 if self.arrow else 0
        return self._look.width(self.text(), self._style) + 12 + arrow + keycap_width(self._look, "Enter")

    def _content(self, ink: Ink, token: str) -> None:
        look, high = self._look, self.height()
        x = (self.width() - self._content_width()) / 2
        x += ink.text(QRectF(x, 0, self.width(), high), self.text(), self._style, token, elide=False) + 12
        if self.arrow:
            ink.icon(x, (high - 20) / 2, "arrow-right", 20, token)
            x += 28
        cap = QRectF(x, (high - look.px(20)) / 2, keycap_width(look, "Enter"), look.px(20))
        ink.keycap(cap, "Enter", on=token)


class FirstRun(QWidget):
    """Founds a shop with the vendor, step by step.

    Signals:
        founded: the open shop; whoever takes it closes it.
    """

    founded = Signal(object)

    def __init__(self, first: First) -> None:
        super().__init__()
        self._first = first
        self._step = 0
        self._lang = ""
        self._dialog: Dialog | None = None
        self._page: StepPage | None = None
        self.setMinimumSize(*SMALLEST)
        for action in keys.on_page("first"):
            for key in () if action.own else action.keys:
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setProperty("action", action.name)
                shortcut.activated.connect(self._pressed)
        self._whole = QHBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None
        self._count = QTimer(self)
        self._count.setInterval(_COUNT_MS)
        self._count.timeout.connect(self._tick)
        first.watch(self.draw)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.build)
        self.build()

    # ---- building ------------------------------------------------------------------------------------

    def build(self) -> None:
        """Make everything anew: another language, other digits, another scheme."""
        first = self._first
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        theme: ThemeName = "dark" if dark else "light"
        self.look = look = Look(theme, first.locale)
        self._lang = f"{first.answers.lang} {first.answers.digits}"
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(palette(look))
        application.setStyleSheet(style_sheet(look))
        application.setFont(look.font("body"))
        self.setWindowTitle(f"{look.word('first_title')} – হাটখাতা")
        self.steps = StepsPane(look, [look.word(f"first_step_{n}") for n in range(1, STEPS + 1)])
        self.steps.chosen.connect(first.go)
        self.place = QScrollArea()
        self.place.setWidgetResizable(True)
        self.place.setFrameShape(QScrollArea.Shape.NoFrame)
        self.place.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.back = Button(
            look, look.word("first_back"), "ghost", icon="arrow-left", key=keys.cap("step_back"), height=48
        )
        self.back.clicked.connect(first.back)
        self.later = Button(look, look.word("first_later"), "ghost", height=48)
        self.later.clicked.connect(first.later)
        self.on = NextButton(look)
        self.on.clicked.connect(first.next)
        self.fault = Paragraph(look, "", "sm", "danger")
        self.working = Text(look, "", "sm", "text2", elide=True)
        foot = QWidget()
        foot.setMaximumWidth(look.px(FORM) + 80)  # it ends where the form ends, however wide the window
        foot.setLayout(
            column(
                self.fault,
                self.working,
                row(self.back, "*", self.later, 12, self.on),
                gap=8,
                margins=(40, 8, 40, 24),
            )
        )
        middle = QWidget()
        middle.setLayout(column((self.place, 1), foot, gap=0))
        middle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.desk = ReceiptDesk(look)
        body = QWidget()
        body.setLayout(row(self.steps, (middle, 1), self.desk, gap=0))
        if self._body is not None:
            self._whole.removeWidget(self._body)
            self._body.deleteLater()
        self._body = body
        self._whole.addWidget(body)
        self._fit()
        self._step = 0
        self.draw()

    def _fit(self) -> None:
        wide = self.width() >= _WIDE
        left = self.width() - self.steps.width() - self.look.px(_LEAST_MIDDLE)
        self.desk.setFixedWidth(440 if wide else max(_DESK[0], min(left, _DESK[1])))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide window gives the paper more room, large letters in a small one take some."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """As the picture has it."""
        return QSize(1366, 768)

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what the presenter holds."""
        first, look = self._first, self.look
        if first.finished:
            self._leave()
            return
        if first.left:
            self.close()
            return
        answers = first.answers
        if f"{answers.lang} {answers.digits}" != self._lang:
            QTimer.singleShot(0, self.build)  # never from inside a widget that it throws away
            return
        if answers.step != self._step:
            self._step = answers.step
            page = page_of(look, first)
            page.setProperty("clear", True)
            self._page = page
            show_in(self.place, page)
            page.arrive()
        assert self._page is not None
        self._page.draw()
        self._draw_steps()
        self.desk.show_pdf(first.preview)
        self.back.setVisible(answers.step > first.least)
        self.later.setVisible(answers.step > 1)
        last = answers.step == BACKUP
        self.on.arrow = not last
        self.on.relabel(look.word("first_done" if last else self._page.next_word()))
        busy = bool(first.busy)
        self.on.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.later.setEnabled(not busy)
        error = first.faults.get("step")
        said = look.sentence(error) if error is not None else ""
        self.fault.setText(said)
        self.fault.setVisible(bool(said))
        self._draw_working()
        if first.busy in {"reading", "importing", "joining"}:
            self._count.start()
        else:
            self._count.stop()
        wanted = first.first_fault()
        if wanted and not busy:
            self._page.jump(wanted)
        focus = QApplication.focusWidget()
        if not busy and self._page.ready() and (focus is None or self._page.isAncestorOf(focus)):
            self.on.setFocus(
                Qt.FocusReason.OtherFocusReason
            )  # it says Enter, and Enter is to do what it says

    def _draw_working(self) -> None:
        first, look = self._first, self.look
        works = look.word(_WORKING[first.busy]) if first.busy in _WORKING else ""
        if first.busy == "joining" and first.remaining:
            works = f"{works} {look.word('n_to_come', remaining=first.remaining)}"
        self.working.setText(works)
        self.working.setVisible(bool(works))

    def _draw_steps(self) -> None:
        look, first = self.look, self._first
        answers = first.answers
        sub = look.word("first_resumed") if first.resumed else look.word("first_minutes", minutes=5)
        self.steps.show_head(answers.name.strip() or look.word("first_title"), look.word("first_title"),
                             sub, look.word("first_private"))  # fmt: skip
        subs = [f"{look.word(f'lang_{answers.lang}')} · {look.word(f'digits_{answers.digits}')}"]
        subs += [look.word(f"first_step_{n}_sub") for n in range(2, STEPS + 1)]
        if answers.name.strip() and first.shop is not None:
            subs[1] = answers.name.strip()
        if answers.begin == "join":
            subs[1] = answers.name.strip() or look.word("first_step_2_join")
            subs[2] = look.word("first_step_3_join")
        if first.taken is not None:
            subs[2] = look.word("goods_taken", products=first.taken.products)
        for at, item in enumerate(self.steps.items, 1):
            done = at < answers.step
            item.show_state(subs[at - 1], look.digits(at), now=at == answers.step, done=done,
                            open_=first.may_go(at))  # fmt: skip

    def _tick(self) -> None:
        self._draw_working()
        if self._page is not None:
            self._page.draw()

    # ---- keys ----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, wherever the focus is."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._first.next()
        else:
            super().keyPressEvent(event)

    def _pressed(self) -> None:
        action = self.sender().property("action")
        if self._dialog is not None:
            self._dialog.act("back" if action == "help" else action)
        elif action == "step_back":
            self._first.back()
        elif action == "help":
            self._dialog = HelpDialog(self.look, self, "first")
            self._dialog.closed.connect(self._dialog_closed)
            self._dialog.open()

    def _dialog_closed(self) -> None:
        self._dialog = None

    # ---- leaving -------------------------------------------------------------------------------------

    def _leave(self) -> None:
        self._first.unwatch(self.draw)
        self._count.stop()
        self.founded.emit(self._first.hand_over())

    def closeEvent(self, event: QCloseEvent) -> None:
        """What was typed stays for the next time."""
        self._first.unwatch(self.draw)
        self._count.stop()
        self._first.close()
        super().closeEvent(event)
