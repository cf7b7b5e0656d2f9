"""The command. The package says what it does."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from macros.site.before.speed import AIMS, FIGURES, measured
from macros.site.build import build
from tests.bench import answers, builds, lighthouse, pages, proofs, sites, sizes, without
from tests.bench.report import machine, say
from tests.bench.serve import Served
from tests.conftest import ROOT

TARGET = ROOT / "build" / "bench.json"


class Bench:
    """One run: what is measured is made when the first part asks for it."""

    def __init__(self, folder: Path, pairs: int) -> None:
        self.folder, self.pairs = folder, pairs
        self.few = max(1, pairs // 3)

    @cached_property
    def site(self) -> Path:
        """The built site: the one that SITE names, or that was built to be timed, or one built now."""
        if named := os.environ.get("SITE"):
            return Path(named)
        site = self.folder / "builds" / "site"
        if not site.exists():
            say("Building the site ...")
            build(ROOT, site, compressed=True)
        return site

    @cached_property
    def served(self) -> Served:
        site = self.site
        say("Building what stands beside it ...")
        return sites.all_served(site, self.folder / "served")

    def close(self) -> None:
        if "served" in vars(self):
            self.served.close()


Part = Callable[[Bench], Any]

PARTS: dict[str, Part] = {
    "build": lambda run: builds.seconds(run.folder / "builds"),
    "pages": lambda run: pages.plain(run.served, run.pairs),
    "slow": lambda run: pages.slow(run.served, max(1, run.pairs // 5)),
    "phone": lambda run: answers.on_a_phone(run.served, max(1, run.pairs // 5)),
    "desk": lambda run: answers.at_a_desk(run.served, run.few),
    "sizes": lambda run: sizes.pages(run.served, run.site),
    "lighthouse": lambda run: lighthouse.performance(run.served, run.few),
    "others": lambda run: pages.others(run.served, run.few),
    "proofs": lambda run: proofs.growth(),
}
"""What `make bench` measures, in this order."""

ASKED_FOR: dict[str, Part] = {"without": lambda run: without.parts(run.site, run.folder / "without", run.pairs)}
"""What it measures only when it is named."""


def main() -> int:
    """Measure, write down, and say which aims were reached. Returns 1 if a part failed."""
    every = {**PARTS, **ASKED_FOR}
    named = [name for name in (os.environ.get("PARTS") or "").replace(",", " ").split() if name]
    if unknown := [name for name in named if name not in every]:
        print(f"There is no part {unknown[0]}. There is: {', '.join(every)}.", file=sys.stderr)
        return 1
    pairs = int(os.environ.get("PAIRS") or 10)
    before = json.loads(TARGET.read_text("utf-8")) if named and TARGET.exists() else {}
    found = {name: before[name] for name in every if name in before}
    failed = {name: why for name, why in before.get("failed", {}).items() if name in set(every) - set(named)}
    found |= {"machine": machine(), "failed": failed}
    with TemporaryDirectory(prefix="bench-") as temporary:
        run = Bench(Path(temporary), pairs)
        try:
            for name in named or PARTS:
                _measure(run, name, every[name], found)
        finally:
            run.close()
    for aim in AIMS:
        shown, wanted, said = measured(aim, found)
        say(f"{said}: {aim.what}: {shown} (wanted: {wanted})")
    if os.environ.get("SAVE"):
        (ROOT / FIGURES).write_text(TARGET.read_text("utf-8"), "utf-8")
        say(f"Saved as {FIGURES}.")
    return 1 if found["failed"] else 0


def _measure(run: Bench, name: str, part: Part, found: dict[str, Any]) -> None:
    """Measure a part, and write down all that was measured until now, whatever becomes of the next."""
    say(f"{name} ...")
    begun = time.monotonic()
    try:
        found[name] = part(run)
    except Exception as error:
        traceback.print_exc()
        found.pop(name, None)
        found["failed"][name] = type(error).__name__  # its words may name places of this machine
        say(f"{name} FAILED: the others go on.")
    say(f"{name} took {time.monotonic() - begun:.0f} s")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
