"""A backup of every release ever made opens in this one, says the same and goes on selling (trust.md U1).

The files in `tests/data/releases` were written by the releases that they are named after and stay for ever.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.domain.times import FixedClock
from pos.paths import ShopPaths
from pos.services.health import examine
from pos.shop import open_shop
from pos.store import restore
from tests.shopkeeping import IN_A_HAT, sale

RELEASES = sorted((Path(__file__).parent.parent / "data" / "releases").glob("*.hatkhata"))


def test_there_is_a_backup_of_the_first_release() -> None:
    assert "0.1.0.hatkhata" in [path.name for path in RELEASES]


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_a_shop_of_an_earlier_release_is_restored_verified_and_sold_from(
    release: Path, tmp_path: Path
) -> None:
    paths, clock = ShopPaths(tmp_path / "shop"), FixedClock(IN_A_HAT)
    done = restore.restore(paths, clock, release)
    assert done.orders == 4
    assert examine(paths).report.ok
    with open_shop(paths, clock) as shop:
        orders = {order.number: order for order in shop.orders.list()}
        first = orders["A-26-000001"]
        assert first.customer is not None
        assert (first.customer.name, first.note) == ("শারমিন আক্তার", "সন্ধ্যায় ফোন")
        assert (first.total_paisa, first.paid_paisa, first.cod_paisa) == (113_000, 30_000, 83_000)
        assert orders["A-26-000004"].status == "cancelled"
        assert shop.stock.items("P002-01")[0].on_hand_milli == 4_000
        assert [found.product.sku for found in shop.catalogue.find("modhu")] == ["P001"]
        taken = shop.orders.take(sale())
        assert taken.number == f"{done.device_code}-26-000001"
    assert examine(paths).report.ok
