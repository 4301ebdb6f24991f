"""A rotating log of JSON lines: events and ids, never a phone, a name or an address (trust.md P1)."""

from __future__ import annotations

import json
import logging
import logging.handlers
from pathlib import Path

_KEPT_FILES = 5
_FILE_BYTES = 1_000_000


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        values = {"at": int(record.created * 1000), "level": record.levelname, "event": record.getMessage()}
        values.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0] is not None:
            # The place, not the message: a message may quote what a buyer typed.
            values["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                values["where"] = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        return json.dumps(values, ensure_ascii=False)


class EventLog:
    """The log of one shop; the file is opened at the first event."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logger: logging.Logger | None = None

    def event(self, name: str, **facts: int | str | None) -> None:
        """Note that something happened. `facts` are counts, codes and ids only."""
        logger = self._open()
        if logger is not None:
            logger.info(name, extra={"facts": facts})

    def crash(self, name: str, error: BaseException, **facts: int | str | None) -> None:
        """Note an exception: its type and place."""
        logger = self._open()
        if logger is not None:
            logger.error(name, exc_info=error, extra={"facts": facts})

    def _open(self) -> logging.Logger | None:
        if self._logger is None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                handler = logging.handlers.RotatingFileHandler(
                    self._folder / "hatkhata.log",
                    maxBytes=_FILE_BYTES,
                    backupCount=_KEPT_FILES,
                    encoding="utf-8",
                )
            except OSError:
                return None  # a log that cannot be written never stops a sale
            handler.setFormatter(_Line())
            logger = logging.Logger("hatkhata")  # noqa: LOG001 - not in the global tree: each shop has its own
            logger.addHandler(handler)
            self._logger = logger
        return self._logger

    def close(self) -> None:
        """Let go of the file."""
        if self._logger is not None:
            for handler in self._logger.handlers:
                handler.close()
            self._logger = None
