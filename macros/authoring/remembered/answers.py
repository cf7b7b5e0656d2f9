"""Answers to tasks: from the store where it has them, worked out on every core where it has not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from typing import Any

from macros.authoring.plausible.endings import Ending
from macros.authoring.plausible.measure import Noise, Row, noise_in
from macros.authoring.plausible.weights import Weights
from macros.authoring.proofs.proofs import Property, Verdict
from macros.authoring.reachable import Structure
from macros.authoring.remembered.tasks import (
    Tables,
    Task,
    answer,
    ends_task,
    noise_tasks,
    proof_tasks,
    replay_tasks,
    structure_from,
    structure_tasks,
    verdict_of,
)
from macros.authoring.scenarios import Scenario
from macros.authoring.sources.store import STORE, Store

PATIENCE = 0.25
"""Seconds of work after which other processes are asked to help: each takes longer than that to start."""


def structures_of(tables: Tables, trees: Iterable[str], store: Store = STORE) -> dict[str, Structure]:
    """What can be reached in each of these trees."""
    return {c.tree: structure_from(found) for c, found in answers(structure_tasks(tables, trees), store)}


def prove_and_replay(
    tables: Tables,
    trees: Sequence[str],
    properties: Sequence[Property],
    scenarios: Mapping[str, Scenario],
    store: Store = STORE,
) -> tuple[list[Verdict], set[tuple[str, str]]]:
    """A verdict on each property in each of these trees that it is meant for; which scenarios come true in which trees.

    `tables` are the checked tables, from which `properties` were read. Takes trees free of gaps and overlaps.
    """
    verdicts, true = {}, set()
    for task, found in answers([*replay_tasks(tables, trees, scenarios), *proof_tasks(tables, trees)], store):
        if task.what == "proof":
            verdicts.update({(task.tree, one["id"]): one for one in found})
        elif found:
            true.add((task.scenario, task.tree))
    return [verdict_of(verdicts[id, p.id], p) for id in trees for p in properties if id in p.trees], true


def noise_of(tables: Tables, weights: Weights, store: Store = STORE) -> tuple[Noise, list[Row]]:
    """How often plausible situations leave the level open, and what one open answer does."""
    tasks = noise_tasks(tables, weights)
    found = dict(answers(tasks, store))
    *made, rows = (found[task] for task in tasks)
    return noise_in([one for of_concern in made for one in of_concern], weights), [(row[0], row[1]) for row in rows]


def ends_of(
    tables: Tables, tree: str, given: Sequence[Mapping[str, Any]], store: Store = STORE
) -> list[tuple[Ending | None, list[str]]]:
    """Where each of these answers ends in a tree (None: at no level), and what truly decides of what is named."""
    ((_, found),) = answers([ends_task(tables, tree, given)], store)
    return [(end, shown) for end, shown in found]


def answers(tasks: Iterable[Task], store: Store) -> Iterator[tuple[Task, Any]]:
    """Each task with its answer, in any order. What was worked out now is kept in the store."""
    missing: dict[Task, str] = {}
    for task in tasks:
        key = store.key(task.what, json.dumps([task.text, task.more]))
        known = store.get(key)
        if known is None:
            missing[task] = key
        else:
            yield task, known
    for task, found in _worked_out(list(missing)):
        store.put(missing[task], found)
        yield task, found


def _worked_out(tasks: list[Task]) -> Iterator[tuple[Task, Any]]:
    """Each task with its answer, worked out here, and elsewhere too if that takes long and there are more cores."""
    began, cores = time.perf_counter(), cpu_count() or 1
    while tasks and (cores < 2 or len(tasks) < 2 or time.perf_counter() - began < PATIENCE):
        task = tasks.pop(0)
        yield task, answer(task)
    if tasks:
        yield from _shared(tasks, cores - 1)


def _shared(tasks: list[Task], others: int) -> Iterator[tuple[Task, Any]]:
    """The same with other processes, which take the tasks from the end while this one takes them from the front."""
    with ProcessPoolExecutor(others, mp_context=get_context("spawn")) as pool:
        futures: dict[Task, Future[Any]] = {task: pool.submit(answer, task) for task in reversed(tasks)}
        for task in tasks:
            if futures[task].cancel():
                yield task, answer(task)
        for task in tasks:
            if not futures[task].cancelled():
                yield task, _result(futures[task], task)


def _result(future: Future[Any], task: Task) -> Any:
    """What another process worked out; worked out here, if the machine did not let us have one."""
    try:
        return future.result()
    except (BrokenExecutor, OSError):
        return answer(task)
