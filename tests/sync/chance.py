"""Everything that is drawn by lot comes from one seed, also what the product itself draws."""

from __future__ import annotations

import contextlib
import os
import random
from typing import TYPE_CHECKING
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def drawn_from(seed: int) -> Iterator[random.Random]:
    """Identities, salts, tokens and codes are drawn from this seed while the block runs.

    Returns:
        A generator of its own for the schedule, so that the product may draw more or fewer numbers without
        turning the schedule into another one.
    """
    product = random.Random(f"product {seed}")
    with (
        mock.patch.object(os, "urandom", product.randbytes),
        mock.patch.object(random, "_urandom", product.randbytes),  # what `secrets` draws from
    ):
        yield random.Random(f"schedule {seed}")
