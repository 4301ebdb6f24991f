"""The printers that the operating system knows, as the core sees them; the window brings the real ones."""

from __future__ import annotations

from typing import Protocol


class Spooler(Protocol):
    """A way to the operating system's printers. Both calls may take seconds: make them off the screen's thread."""

    def printers(self) -> list[str]:
        """Names of the printers set up on this computer, the usual one first; empty where there is none."""
        ...

    def print_pdf(self, pdf: bytes, printer: str, title: str) -> None:
        """Hand every page of a PDF to the printer of that name; returning means handed over, not printed.

        Args:
            pdf: the paper as it was drawn and shown.
            printer: one of the names that `printers` gave.
            title: how the job is called in the system's list of jobs.

        Raises:
            EnvironmentFault: ``printer_missing`` if there is none of that name now, ``printer_took_nothing`` if
                the system did not take the pages. The order is saved all the same.
        """
        ...
