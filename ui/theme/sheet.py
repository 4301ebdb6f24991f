"""The palette and the style sheet of Qt's own widgets, made from the tokens; ours are painted by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from ui.theme.look import Look

_ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface2",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Highlight: "primary",
    QPalette.ColorRole.HighlightedText: "onprimary",
    QPalette.ColorRole.ToolTipBase: "toast",
    QPalette.ColorRole.ToolTipText: "toastT",
    QPalette.ColorRole.Link: "ptext",
}


def dress(look: Look) -> None:
    """Give the whole application a look."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setPalette(palette(look))
    application.setStyleSheet(style_sheet(look))
    application.setFont(look.font("body"))


def palette(look: Look) -> QPalette:
    """Colours for everything that Fusion draws."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, look.color(token))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, look.color("text3"))
    return made


def style_sheet(look: Look) -> str:
    """What the palette cannot say: edges, corners, focus rings, scroll bars."""
    t = look.tokens
    sm, body = look.px(13), look.px(15)
    return f"""
* {{ font-family: "Hat UI"; }}
QWidget {{ font-size: {body}px; }}
QToolTip {{ background: {t["toast"]}; color: {t["toastT"]}; border: 0; padding: 6px 10px; font-size: {sm}px; }}
QLineEdit[bare="true"], QPlainTextEdit[bare="true"] {{ background: transparent; border: 0; padding: 0;
  selection-background-color: {t["primary"]}; selection-color: {t["onprimary"]}; }}
QScrollArea, QScrollArea > QWidget > QWidget[clear="true"] {{ background: transparent; border: 0; }}
QAbstractItemView {{ background: {t["surface"]}; border: 0; outline: 0; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t["control2"]}; border-radius: 3px; min-height: 32px; margin: 2px; }}
QScrollBar::handle:vertical:hover {{ background: {t["control"]}; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t["control2"]}; border-radius: 3px; min-width: 32px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: transparent; border: 0; width: 0; height: 0; }}
QMenu {{ background: {t["surface"]}; border: 1px solid {t["border"]}; padding: 4px; }}
QMenu::item {{ padding: 8px 24px 8px 12px; border-radius: 4px; color: {t["text"]}; }}
QMenu::item:selected {{ background: {t["sel"]}; }}
QMenu::item:disabled {{ color: {t["text3"]}; }}
QMenu::separator {{ height: 1px; background: {t["line"]}; margin: 4px 8px; }}
QComboBox QAbstractItemView {{ background: {t["surface"]}; border: 1px solid {t["border"]}; padding: 4px;
  selection-background-color: {t["sel"]}; selection-color: {t["text"]}; }}
QPlainTextEdit {{ background: {t["surface"]}; color: {t["text"]}; border: 1px solid {t["control"]};
  border-radius: 6px; padding: 6px; }}
QPlainTextEdit:focus {{ border: 2px solid {t["focus"]}; padding: 5px; }}
"""
