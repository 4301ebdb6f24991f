"""What the server answered: a message, or the reason why there is none (contracts.md §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from pos.errors import EnvironmentFault, UserError
from pos.protocol.codec import DecodeError, decode
from pos.protocol.messages import Refusal

if TYPE_CHECKING:
    from pos.sync.transport import Response

T = TypeVar("T", bound=msgspec.Struct)

OK: Final = 200
_TOO_LARGE: Final = 413
_BUSY: Final = frozenset({429, 503})
_FAILING: Final = frozenset({500, 502, 504})


def too_large(answer: Response) -> bool:
    """Whether the server wants less at once."""
    return answer.status == _TOO_LARGE


def message_in(answer: Response, shape: type[T]) -> T:
    """The message of this shape.

    That this laptop is not let in only the server itself can say, by its code: any firewall has pages of such a status.

    Raises:
        UserError: ``login_needed``, ``device_shut_out``, ``app_too_old``.
        EnvironmentFault: ``server_busy`` and ``quota_used_up`` with the seconds to wait, ``server_failing``,
            ``server_answer_unclear``: what came is nothing that a server of ours says, and nothing of it was used.
    """
    match answer.status, refusal_in(answer):
        case 401, "token_unknown":
            raise UserError("login_needed")
        case 403, "device_revoked":
            raise UserError("device_shut_out")
        case 426, "proto_unknown":
            raise UserError("app_too_old")
        case 429, "quota_used_up":
            raise EnvironmentFault("quota_used_up", seconds=int(answer.retry_after or 0))
    if answer.status in _BUSY:
        raise EnvironmentFault("server_busy", seconds=int(answer.retry_after or 0))
    if answer.status in _FAILING:
        raise EnvironmentFault("server_failing", status=answer.status)
    if answer.status != OK:
        raise EnvironmentFault("server_answer_unclear", status=answer.status)
    try:
        return decode(answer.body, shape, encoding=answer.encoding)
    except DecodeError:
        raise EnvironmentFault("server_answer_unclear", status=answer.status) from None


def refusal_in(answer: Response) -> str | None:
    """The code with which the server refuses; None where it does not, or gives no code."""
    if answer.status == OK:
        return None
    try:
        return decode(answer.body, Refusal, encoding=answer.encoding).error
    except DecodeError:
        return None
