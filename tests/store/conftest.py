"""The shops that these tests work in."""

from __future__ import annotations

from tests.shopkeeping import clock, old, paths, shop, template

__all__ = ["clock", "old", "paths", "shop", "template"]
