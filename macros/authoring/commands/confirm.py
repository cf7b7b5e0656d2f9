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
from macros.authoring.citations.uses import Passages
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
    for lines in changed:
        print("\n".join(lines), end="\n\n")
    print(f"{len(changed)} to confirm." if changed else "Nothing waits to be confirmed.")


def _changed_clauses(lock: Lock, citations: Citations) -> Iterator[list[str]]:
    """The lines that show each clause whose words are not those that were confirmed, with all that cites it."""
    for clause in citations.register.clauses.values():
        if lock.clauses.get(clause.id) != clause.text:
            yield [
                f"{clause.id} ({clause.file}:{clause.line})",
                f"  before: {lock.clauses.get(clause.id, 'nothing: it is new')}",
                f"  now:    {clause.text}",
                *(
                    f"  cited by {place}: {' | '.join(filter(None, passage.words))}"
                    for place, said in citations.passages.items()
                    for passage in said
                    if set(clause.carries) & set(passage.cites)
                ),
            ]


def _changed_places(lock: Lock, citations: Citations) -> Iterator[list[str]]:
    """The lines that show each place whose words or clauses are not those that were confirmed, with these clauses."""
    for place, said in citations.passages.items():
        confirmed = lock.cited.get(place, ())
        gone, new = _without(confirmed, said), _without(said, confirmed)
        if confirmed != said:
            yield [
                place,
                *([] if place in lock.cited else ["  before: nothing: it is new"]),
                *(f"  before: {words}" for words in _texts(gone, new)),
                *(f"  now:    {words}" for words in _texts(new, gone)),
                *([] if gone or new else ["  the same in another order"]),
                *_beside(citations, gone, new),
            ]


def _beside(citations: Citations, gone: Passages, new: Passages) -> Iterator[str]:
    """The words of each clause that the new passages cite, and which clauses the place no longer cites."""
    before, now = (dict.fromkeys(id for passage in part for id in passage.cites) for part in (gone, new))
    if lost := [id for id in before if id not in now]:
        yield f"  no longer cited: {', '.join(lost)}"
    for id in now:
        clause = citations.register.carried.get(id)
        added = "" if id in before or not gone else " (newly cited)"
        yield f"  {id}{added} says: {clause.text}" if clause else f"  {id} stands on no page"


def _without(passages: Passages, others: Passages) -> Passages:
    return tuple(passage for passage in passages if passage not in others)


def _texts(passages: Passages, others: Passages) -> list[str]:
    """The texts of passages that the others do not have; all of them, where nothing but the clauses changed."""
    known = {words for passage in others for words in passage.words}
    texts = [words for passage in passages for words in passage.words if words]
    return [words for words in texts if words not in known] or texts[:1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
