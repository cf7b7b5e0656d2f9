"""`make confirm`: what changed in clauses and citations. `make confirm CONFIRM="s9-11 level/harm"`: you read these.

Without names it shows each clause, and each place that cites (a node of a tree, a fact, a result, a scenario), that is
not as somebody last confirmed it: what it said before, what it says now, and beside it the words of the clauses that it
rests on. With names (`all`: every one) it records that somebody read them. A clause that changed then waits for an
amendment, so that readers are told; `--spelling` says that there is nothing to tell.

What a text was before is what the lock holds of it: the words that were confirmed, not those of some commit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from macros.authoring.citations.amendments import naming, reminder, untold
from macros.authoring.citations.lock import Citations, Lock, UnknownNames, confirm, read_lock
from macros.authoring.citations.uses import Passage, Passages
from macros.authoring.load import load_project
from macros.authoring.sources.schemas import Schemas

ROOT = Path(__file__).resolve().parents[3]
SPELLING = "--spelling"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Show what is not confirmed, or record what is named. Returns 0, or 1 if a name is not known."""
    project = load_project(root)
    if project.lock is None:
        print("\n".join(map(str, project.diagnostics)))
        return 1
    names = [name for name in arguments if name != SPELLING]
    if not names:
        _show(project.lock, project.citations)
    else:
        named = None if SPELLING in arguments else naming(project.amendments)
        try:
            recorded = confirm(root, project.lock, project.citations, names, named)
        except UnknownNames as error:
            print(f"{error}\nNothing was recorded.")
            return 1
        print(f"Confirmed: {', '.join(recorded) or 'nothing had changed'}.")
    lock, _ = read_lock(root, Schemas(root / "schemas"))
    if waits := reminder(untold(lock, project.register, project.amendments)):
        print(f"\n{waits}")
    return 0


def _show(lock: Lock, citations: Citations) -> None:
    changed = [*_changed_clauses(lock, citations), *_changed_places(lock, citations)]
    print("\n\n".join("\n".join(lines) for lines in changed))
    print(f"\n{len(changed)} to confirm." if changed else "Nothing waits to be confirmed.")


def _changed_clauses(lock: Lock, citations: Citations) -> Iterator[list[str]]:
    """The lines that show each clause whose words are not those that were confirmed, with all that cites it."""
    for clause in citations.register.clauses.values():
        if lock.clauses.get(clause.id) != clause.text:
            yield [
                f"{clause.id} ({clause.file}:{clause.line})",
                f"  before: {lock.clauses.get(clause.id, 'nothing: it is new')}",
                f"  now:    {clause.text}",
                *(
                    f"  cited by {place}: {_said(passage)}"
                    for place, said in citations.passages.items()
                    for passage in said
                    if set(clause.carries) & set(passage.cites)
                ),
            ]


def _changed_places(lock: Lock, citations: Citations) -> Iterator[list[str]]:
    """The lines that show each place whose words or clauses are not those that were confirmed, with these clauses."""
    carried = citations.register.carried
    for place, said in citations.passages.items():
        before: Passages = lock.cited.get(place, ())
        if before == said:
            continue
        lines = [place, *([] if place in lock.cited else ["  before: nothing: it is new"])]
        for passage in before:
            lines += [f"  before: {_said(passage)} [{', '.join(passage.cites)}]"] if passage not in said else []
        new = [passage for passage in said if passage not in before]
        lines += [f"  now:    {_said(passage)} [{', '.join(passage.cites)}]" for passage in new]
        lines += [] if new or len(before) > len(said) else ["  the same in another order"]
        for id in dict.fromkeys(id for passage in new for id in passage.cites):
            lines.append(f"  {id} says: {carried[id].text}" if id in carried else f"  {id} stands on no page")
        yield lines


def _said(passage: Passage) -> str:
    return " | ".join(filter(None, passage.words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
