"""Decision diagrams: functions of answers, each kept as one number, so that equal functions are equal numbers.

Knows variables with finitely many values and an order; refuses to know what they stand for. A function is reduced and
shared (multi-terminal, multi-valued): it takes no more room than what it depends on. The variable with the highest
number stands at the root, so give the highest to what is asked last: a further question then adds a few nodes on top.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import reduce, wraps
from typing import Any, TypeVar

Function = int
DEEPEST = 100_000
"""Frames that a run through the variables may take: three for each variable, and thousands of questions may come."""


Call = TypeVar("Call", bound=Callable[..., Any])


def deeply(function: Call) -> Call:
    """A function that may go as deep as there are questions. Elsewhere the limit stays what it is: without one, input
    that is nested too deeply would end Python instead of being refused."""

    @wraps(function)
    def run(*arguments: Any) -> Any:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, DEEPEST))
        try:
            return function(*arguments)
        finally:
            sys.setrecursionlimit(limit)

    return run  # type: ignore[return-value]


class Diagrams:
    """Functions over variables 0, 1, ... with `sizes[v]` values each."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self.variable: list[int] = []
        self.kids: list[tuple[Function, ...]] = []
        self.value: list[Any] = []
        self._nodes: dict[tuple[int, tuple[Function, ...]], Function] = {}
        self._constants: dict[Hashable, Function] = {}
        self._memo: dict[Hashable, dict[Any, Any]] = {}
        self.no, self.yes = self.constant(False), self.constant(True)

    # ---- making

    def constant(self, value: Hashable) -> Function:
        """The function that has this value everywhere. True and 1 are two values."""
        key = (type(value), value)
        if key not in self._constants:
            self._constants[key] = self._add(-1, (), value)
        return self._constants[key]

    def branch(self, variable: int, kids: Sequence[Function]) -> Function:
        """The function that is `kids[i]` where the variable has its value i. The kids know lower variables alone."""
        kids = tuple(kids)
        first = kids[0]
        if all(kid == first for kid in kids):
            return first
        key = (variable, kids)
        if key not in self._nodes:
            self._nodes[key] = self._add(variable, kids, None)
        return self._nodes[key]

    def compose(self, variable: int, kids: Sequence[Function]) -> Function:
        """The same as `branch` for kids that may know any variable."""
        if all(self.variable[kid] < variable for kid in kids):
            return self.branch(variable, kids)
        whole = kids[0]
        for i, kid in enumerate(kids):
            is_i = self.branch(variable, [self.yes if i == j else self.no for j in range(len(kids))])
            whole = self.choose(is_i, kid, whole)
        return whole

    def _add(self, variable: int, kids: tuple[Function, ...], value: Any) -> Function:
        self.variable.append(variable)
        self.kids.append(kids)
        self.value.append(value)
        return len(self.variable) - 1

    def forget(self) -> None:
        """Free what was remembered of operations. Functions stay."""
        self._memo.clear()

    # ---- operations

    @deeply
    def cofactor(self, f: Function, variable: int, i: int) -> Function:
        """What is left of a function where a variable has its value `i`."""
        memo: dict[Function, Function] = {}

        def run(f: Function) -> Function:
            if self.variable[f] <= variable:
                return self.kids[f][i] if self.variable[f] == variable else f
            if f not in memo:
                memo[f] = self.branch(self.variable[f], [run(kid) for kid in self.kids[f]])
            return memo[f]

        return run(f)

    def at(self, f: Function, variable: int) -> tuple[Function, ...]:
        """What is left of a function for each value of a variable that is its highest, or higher."""
        return self.kids[f] if self.variable[f] == variable else (f,) * self.sizes[variable]

    @deeply
    def map(self, make: Callable[..., Hashable], name: Hashable, *functions: Function) -> Function:
        """The function whose values are made from those of others, place by place. `name` says how, for it is
        remembered by it."""
        memo: dict[tuple[Function, ...], Function] = self._memo.setdefault(("map", name), {})

        def run(key: tuple[Function, ...]) -> Function:
            if key not in memo:
                v = max([self.variable[f] for f in key])
                if v < 0:
                    memo[key] = self.constant(make(*[self.value[f] for f in key]))
                else:
                    kids = zip(*[self.at(f, v) for f in key], strict=True)
                    memo[key] = self.branch(v, [run(parts) for parts in kids])
            return memo[key]

        return run(functions)

    def having(self, f: Function, value: Any) -> Function:
        """Where a function has this value."""
        return self.map(lambda v: v == value, ("having", value), f)

    def alike(self, f: Function, g: Function) -> Function:
        """Where two functions have the same value."""
        return self.map(lambda v, w: v == w, "alike", f, g)

    def both(self, *functions: Function) -> Function:
        """Where all of these hold."""
        return reduce(lambda f, g: self.choose(f, g, self.no), functions, self.yes)

    def either(self, *functions: Function) -> Function:
        """Where one of these holds, or several."""
        return reduce(lambda f, g: self.choose(f, self.yes, g), functions, self.no)

    def without(self, f: Function, g: Function) -> Function:
        """Where the first holds and the second does not."""
        return self.choose(g, self.no, f)

    def negation(self, f: Function) -> Function:
        """Where it does not hold."""
        return self.choose(f, self.no, self.yes)

    @deeply
    def choose(self, test: Function, then: Function, otherwise: Function) -> Function:
        """`then` where the test holds, `otherwise` elsewhere."""
        memo: dict[tuple[Function, ...], Function] = self._memo.setdefault("choose", {})

        def run(test: Function, then: Function, otherwise: Function) -> Function:
            if test == self.yes or then == otherwise:
                return then
            if test == self.no:
                return otherwise
            if then == self.yes and otherwise == self.no:
                return test
            key = (test, then, otherwise)
            if key not in memo:
                v = max(self.variable[test], self.variable[then], self.variable[otherwise])
                threes = zip(self.at(test, v), self.at(then, v), self.at(otherwise, v), strict=True)
                memo[key] = self.branch(v, [run(a, b, c) for a, b, c in threes])
            return memo[key]

        return run(test, then, otherwise)

    # ---- questions

    @deeply
    def meet(self, *functions: Function) -> bool:
        """Whether there is a place where all of these hold. Builds nothing."""
        memo: dict[tuple[Function, ...], bool] = self._memo.setdefault("meet", {})

        def run(key: tuple[Function, ...]) -> bool:
            if self.no in key:
                return False
            key = tuple(sorted({f for f in key if f != self.yes}))
            if not key:
                return True
            if key not in memo:
                v = max(self.variable[f] for f in key)
                memo[key] = False
                for parts in zip(*(self.at(f, v) for f in key), strict=True):
                    if run(parts):
                        memo[key] = True
                        break
            return memo[key]

        return run(functions)

    def values(self, f: Function) -> list[Any]:
        """Every value that a function has somewhere."""
        return [self.value[g] for g in self.below(f) if not self.kids[g]]

    def support(self, f: Function) -> set[int]:
        """The variables that a function depends on."""
        return {self.variable[g] for g in self.below(f) if self.kids[g]}

    def below(self, f: Function) -> Iterator[Function]:
        """A function and every one within it."""
        seen, left = {f}, [f]
        while left:
            g = left.pop()
            yield g
            new = [kid for kid in set(self.kids[g]) if kid not in seen]
            seen.update(new)
            left += new

    def at_place(self, f: Function, place: Sequence[int]) -> Any:
        """The value where each variable has the value that `place` says."""
        while self.kids[f]:
            f = self.kids[f][place[self.variable[f]]]
        return self.value[f]
