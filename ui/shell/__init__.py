"""The window around the pages, and all that is asked and said over more than one of them."""

from ui.shell.window import SMALLEST, Shell

__all__ = ["SMALLEST", "Shell"]
