"""The shops that these tests work in."""

from __future__ import annotations

from tests.shopkeeping import clock, paths, shop, template

__all__ = ["clock", "paths", "shop", "template"]
