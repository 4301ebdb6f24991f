"""Reading what holds for the whole shop: settings, hat days, drafts, its owner.

In plain SQL: the first page reads this before SQLAlchemy is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.errors import EnvironmentFault
from pos.store.plain import Query, to_day, to_uuid

if TYPE_CHECKING:
    from pos.store.plain import Reading

_DRAFTS = Query("SELECT count(*) AS number FROM draft WHERE state = :state")
_SETTINGS = Query("SELECT key, value FROM setting")
_HAT_DAYS = Query("SELECT * FROM hat_day", hat_on=to_day)
_OWNER = Query(
    "SELECT * FROM operator WHERE role = 'owner' AND archived IS 0 ORDER BY id LIMIT 1",
    id=to_uuid,
    archived=bool,
)


def settings(connection: Reading) -> dict[str, str]:
    """The shop's settings that were ever changed: JSON by key."""
    return dict(_SETTINGS.rows(connection))


def hat_days(connection: Reading) -> list[Any]:
    """The dated exceptions to the weekly rule."""
    return _HAT_DAYS.rows(connection)


def drafts_in(connection: Reading, state: str) -> int:
    """How many drafts are in this state: the ``cart`` at hand, or ``held``."""
    number: int = _DRAFTS.column(connection, state=state)[0]
    return number


def first_owner(connection: Reading) -> Any:
    """The owner who has been there longest; at first the one who founded the shop.

    Raises:
        EnvironmentFault: ``database_damaged``: there is none, or the row does not read.
    """
    for owner in _OWNER.rows(connection):
        return owner
    raise EnvironmentFault("database_damaged")
