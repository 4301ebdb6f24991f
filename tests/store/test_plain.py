"""Queries in plain SQL say what Core's own would: every column of every row, with its type."""

from __future__ import annotations

import sqlite3
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from pos.domain.times import dhaka_day
from pos.errors import EnvironmentFault
from pos.store import counter, facts, plain, wares
from pos.store import tables as t
from pos.store.glance import glance_at
from tests.shopkeeping import busy_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pos.paths import ShopPaths
    from pos.shop import Shop


def as_dicts(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [row._asdict() for row in rows]


def test_products_and_what_is_sold_of_them_come_as_core_gives_them(shop: Shop) -> None:
    with shop.store.read() as connection:
        products = {row.id: row for row in connection.execute(select(t.product))}
        assert products
        assert {i: row._asdict() for i, row in wares.products_by_id(connection, products).items()} == {
            i: dict(row._mapping) for i, row in products.items()
        }
        live = select(t.variant).where(t.variant.c.archived.is_(False))
        sold = {row.id: dict(row._mapping) for row in connection.execute(live)}
        found = [row for rows in wares.variants_of(connection, products, 0).values() for row in rows]
        assert {row.id: row._asdict() for row in found} == {
            i: values | {"reserved_milli": 0} for i, values in sold.items()
        }


def test_what_is_promised_counts_until_its_time_is_over(shop: Shop) -> None:
    now_ms = shop.desk.clock.now_ms()
    draft = shop.desk.new_id()
    shop.drafts.hold(draft, "শারমিন", "{}", [("P001", "2")], now_ms + 1000)
    (view,) = [p for p in shop.catalogue.all() if p.sku == "P001"]
    assert view.reserved_milli == 2000
    with shop.store.read() as connection:
        for at_ms, promised in ((now_ms, 2000), (now_ms + 1000, 0)):
            (row,) = wares.variants_of(connection, [view.id], at_ms)[view.id]
            assert row.reserved_milli == promised


def test_settings_hat_days_and_the_owner_come_as_core_gives_them(shop: Shop) -> None:
    shop.configuration.put("shop.name", "তাঁতঘর")
    shop.configuration.cancel_hat(next(hat.on for hat in shop.configuration.hats() if not hat.cancelled))
    with shop.store.read() as connection:
        stored = {row.key: row.value for row in connection.execute(select(t.setting))}
        assert facts.settings(connection) == stored
        days = [dict(row._mapping) for row in connection.execute(select(t.hat_day))]
        assert days
        assert as_dicts(facts.hat_days(connection)) == days
        (owner,) = connection.execute(select(t.operator))
        assert facts.first_owner(connection)._asdict() == dict(owner._mapping)


def test_a_shop_is_seen_at_a_glance_as_it_is_once_it_is_open(shop: Shop, paths: ShopPaths) -> None:
    busy_day(shop)
    glance = glance_at(paths)
    assert glance is not None
    today = dhaka_day(shop.desk.clock.now_ms())
    with glance.read() as seen, shop.store.read() as connection:
        for ask in (
            counter.categories,
            lambda c: counter.most_ordered(c, 0, 1 << 60),
            lambda c: counter.first_ordered(c, 0),
            lambda c: counter.on_shelf(c, [], 40),
            lambda c: counter.of_hat(c, today),
            lambda c: facts.drafts_in(c, "held"),
        ):
            assert ask(seen) == ask(connection)
    glance.close()


def test_nothing_is_written_through_a_glance(shop: Shop, paths: ShopPaths) -> None:
    del shop
    glance = glance_at(paths)
    assert glance is not None
    with pytest.raises(EnvironmentFault) as error, glance.read() as connection:
        connection.execute("DELETE FROM product")
    assert error.value.code == "folder_read_only"
    glance.close()


def test_what_is_no_shop_of_this_release_is_not_looked_into(shop: Shop, paths: ShopPaths) -> None:
    shop.close()
    with sqlite3.connect(paths.database) as raw:
        raw.execute("PRAGMA user_version=1")
    raw.close()
    assert glance_at(paths) is None
    paths.database.write_bytes(b"no shop" * 1000)
    assert glance_at(paths) is None
    paths.database.unlink()
    assert glance_at(paths) is None
    assert not paths.database.exists()


@pytest.mark.parametrize(("turn", "damaged"), [(plain.to_uuid, b"short"), (plain.to_day, "yesterday")])
def test_a_value_that_was_altered_is_said_to_be_damage(turn: Any, damaged: object) -> None:
    with pytest.raises(EnvironmentFault) as error:
        turn(damaged)
    assert error.value.code == "database_damaged"
    assert turn(None) is None


def test_a_list_of_any_length_is_asked_for_in_pieces() -> None:
    ids = [uuid.UUID(int=n).bytes for n in range(35)]
    pieces = list(plain.by_chunks("id", 16, ids))
    assert [len(piece) for piece in pieces] == [16, 16, 16]
    assert [value for piece in pieces for value in piece.values() if value is not None] == ids
    assert list(plain.by_chunks("id", 16, [])) == []
