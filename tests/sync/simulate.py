"""Many worlds, one seed each: ``python -m tests.sync.simulate --seeds 2000 [--from N] [--jobs N]``.

A seed that fails is printed with what happened in its world and the command that runs it again. Seeds that once
failed stand in `REGRESSIONS` and are run with every change.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import functools
import multiprocessing
import sys
import time
import traceback
from dataclasses import dataclass, field

from tests.sync import invariants
from tests.sync.broken import Broken
from tests.sync.chance import drawn_from
from tests.sync.world import Storms, World

_LARGE, _SMALL = 40, 22  # how much happens in a world
_CHUNK = 10
REGRESSIONS: tuple[int, ...] = (312, 356, 424, 2469, 3642, 17571, 18037)


@dataclass(frozen=True, slots=True)
class Failed:
    """A world in which something did not hold."""

    seed: int
    error: BaseException
    trace: list[str] = field(repr=False)

    @property
    def invariant(self) -> str:
        """Which; the kind of error where the product itself gave up."""
        return self.error.name if isinstance(self.error, Broken) else type(self.error).__name__

    def told(self, *, trace: bool = True) -> str:
        """For a person who wants to see it again."""
        lines = [f"seed {self.seed}: {str(self.error) or type(self.error).__name__}"]
        if trace:
            lines += [f"  {n:3} {line}" for n, line in enumerate(self.trace)]
            lines += traceback.format_exception(self.error)
        lines.append(f"again: python -m tests.sync.simulate --from {self.seed} --seeds 1 --trace")
        return "\n".join(lines)


def storms_of(seed: int) -> Storms:
    """Every other world spares some misfortunes, so that what is left stands out."""
    match seed % 6:
        case 0:
            return Storms(line=0.7, power=8, server=0, rollback=0, clone=0, blind=0, revoke=0, versions=0)
        case 1:
            return Storms(server=8, rollback=0, clone=0, blind=0, revoke=0, poison=0, versions=0)
        case 2:
            return Storms(rollback=5, clone=4, blind=0, server=0, revoke=0)
        case 3:
            return Storms(clocks=12, centuries=True, poison=6, versions=6, server=1, blind=0)
        case 4:
            return Storms()
        case _:
            return Storms(memory=0.15)


def run_seed(seed: int, *, steps: int | None = None, storms: Storms | None = None) -> Failed | None:
    """One world; None where everything held. Every third is large, in every fourth a disk forgets something."""
    large = seed % 3 == 0
    with drawn_from(seed) as rng:
        world: World | None = None
        try:
            world = World(rng, storms or storms_of(seed), laptops=3 if large else 2)
            world.run(steps or (_LARGE if large else _SMALL))
            world.settle()
            invariants.check(world)
            if seed % 4 == 1:
                world.damage(seed // 4)
        except (Exception, AssertionError) as error:  # noqa: BLE001 - whatever the product raises is a finding
            return Failed(seed, error, world.trace if world is not None else [])
        finally:
            if world is not None:
                world.close()
    return None


def run_seeds(seeds: range, steps: int | None = None) -> list[Failed]:
    """Those of these worlds that fail."""
    return [failed for seed in seeds if (failed := run_seed(seed, steps=steps)) is not None]


def _told_of(seeds: range, steps: int | None, *, trace: bool) -> list[str]:
    return [failed.told(trace=trace) for failed in run_seeds(seeds, steps)]


def main() -> int:
    """Run so many worlds; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync.simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--steps", type=int, default=None, help="in each world")
    parser.add_argument("--jobs", type=int, default=1, help="processes that share the seeds")
    parser.add_argument("--trace", action="store_true", help="print what happened in a world that failed")
    parser.add_argument("--all", action="store_true", help="go on after a failure")
    asked = parser.parse_args()
    began, failed = time.monotonic(), 0
    end = asked.first + asked.seeds
    chunks = [range(first, min(first + _CHUNK, end)) for first in range(asked.first, end, _CHUNK)]
    with concurrent.futures.ProcessPoolExecutor(
        asked.jobs, mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        run = functools.partial(_told_of, steps=asked.steps, trace=asked.trace)
        for found in pool.map(run, chunks):
            for told in found:
                print(told, file=sys.stderr, flush=True)  # noqa: T201
            failed += len(found)
            if found and not asked.all:
                pool.shutdown(cancel_futures=True)
                break
    took = time.monotonic() - began
    print(f"{asked.seeds} seeds asked for, {failed} failed, {took:.0f} s")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
