"""The search box: what people type leads to what they need, stays on the page, and goes to nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from macros.authoring.pages.tables import read_everyday
from macros.site.preview.server import HOST
from tests.browser.recorder import Recorder
from tests.browser.tool import PAINTED
from tests.conftest import ROOT
from tests.trees import published
from tests.waiting import until

SEARCHES: Mapping[str, list[str]] = json.loads((ROOT / "tests" / "searches.json").read_text("utf-8"))
"""What people type, and the clauses or pages of which one must be seen among the first results."""

FIRST = 5
RESULTS = ".md-search-result__item"

SHOWN = """(first) => [...document.querySelectorAll(".md-search-result__item")].slice(0, first).map((item) =>
  [...item.querySelectorAll(":scope > a")].map((link) => link.href))"""
"""The addresses that each of the first results shows without anything being unfolded."""


def address(target: str) -> str:
    """A clause's id or a page's address, as an address below the site's root."""
    clauses = published().register.clauses
    return clauses[target].url if target in clauses else target


class Box:
    """The search box of a page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.goto(f"{url}procedure/")
        self.input = page.locator(".md-search__input")
        page.bring_to_front()
        self.input.click()
        # What is found shows once the box is open, which it is when the focus comes. A window that another test left
        # in front keeps that event back.
        page.locator('[data-md-toggle="search"]').evaluate("box => box.checked || box.click()")

    def search(self, query: str) -> list[list[str]]:
        """Type a query. Gives the addresses that each of the first results shows, below the site's root."""
        self._type("")
        expect(self.page.locator(RESULTS)).to_have_count(0)
        self._type(query)
        expect(self.page.locator(RESULTS).first).to_be_visible()
        return [[at.removeprefix(self.url) for at in item] for item in self.page.evaluate(SHOWN, FIRST)]

    def _type(self, query: str) -> None:
        self.input.fill(query)
        self.input.press("End")  # Material looks when a key comes up


@pytest.fixture
def box(page: Page, site_url: str) -> Box:
    return Box(page, site_url)


def test_what_people_type_leads_to_the_clause_or_page(box: Box) -> None:
    missed = {}
    for query, targets in SEARCHES.items():
        found = box.search(query)
        if not {at for item in found for at in item} & {address(target) for target in targets}:
            missed[query] = found
    assert missed == {}


def test_the_search_is_fetched_when_it_is_first_used_and_what_was_typed_by_then_is_looked_for(
    page: Page, site_url: str
) -> None:
    asked: list[str] = []
    held: list[Route] = []
    page.route("**/search/search_index.json", lambda route: held.append(route))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site_url}procedure/")
    until(page, "document.documentElement.classList.contains('js')")  # the theme's script has run
    page.evaluate(PAINTED)
    assert [url for url in asked if "search" in url] == []
    assert page.workers == []
    box = page.locator(".md-search__input")
    page.bring_to_front()
    with page.expect_request("**/search/search_index.json"):
        box.click()
        page.locator('[data-md-toggle="search"]').evaluate("box => box.checked || box.click()")
    box.press_sequentially("missing child")
    held[0].continue_()
    expect(page.locator(RESULTS).first).to_be_visible()
    assert any(FIRST_OF_ALL["missing child"] in at for at in page.evaluate(SHOWN, FIRST)[0])


FIRST_OF_ALL = {
    **{f"level {n}": f"procedure/levels/#level-{n}" for n in range(1, 5)},
    "missing child": "tools/missing/",
    "consent": "tools/consent/",
    "who to tell": "tools/referral/",
}


def test_a_level_and_a_tool_come_first(box: Box) -> None:
    first = {query: box.search(query)[0] for query in FIRST_OF_ALL}
    assert {query: at for query, at in first.items() if FIRST_OF_ALL[query] not in at} == {}


def test_a_clause_shows_its_own_words_and_none_of_the_everyday_ones(box: Box) -> None:
    box.search("holiday")
    result = box.page.locator(".md-search-result__item > a").nth(1)
    expect(result).to_contain_text("If the allocated social worker is absent")
    expect(box.page.locator(".md-search-result__list")).not_to_contain_text("holiday")


def test_a_query_of_small_words_alone_is_left_as_it_is(box: Box) -> None:
    assert box.search("who")


@pytest.mark.parametrize("query", ["rape^", "~rape", "-rape", "+rape", "rape:", "rape*", '"rape"', "rape?", "RAPE"])
def test_signs_in_a_query_are_no_orders(box: Box, query: str) -> None:
    said: list[str] = []
    box.page.on("console", lambda message: said.append(message.text))
    assert box.search(query) == box.search("rape")
    assert said == []


def test_a_number_is_not_the_beginning_of_another(box: Box) -> None:
    box.search("level 1")
    titles = box.page.locator(".md-search-result__item > a h2").all_inner_texts()
    assert titles
    assert [title for title in titles if "16" in title or "17" in title] == []


# ---- all everyday words, asked of the same worker without the box


ASK = """async (queries) => {
  const config = JSON.parse(document.getElementById("__config").textContent);
  const index = await (await fetch(`${config.base}/search/search_index.json`)).json();
  const worker = new Worker(config.search);
  const ask = (type, data) => new Promise((resolve) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.postMessage({ type, data });
  });
  await ask(0, { ...index, options: { suggest: false } });
  const answers = [];
  for (const query of queries)
    answers.push((await ask(2, query)).data.items.map((group) =>
      group.map(({ location, score }) => ({ location, score }))));
  return answers;
}"""


def shown(group: list[dict[str, Any]]) -> Iterator[str]:
    """What the box shows of a group without being unfolded: its page, and the others if none scores better."""
    best = group[0]["score"]
    for one in group:
        if "#" not in one["location"] or one["score"] >= best:
            yield one["location"]


def test_every_everyday_word_leads_to_what_it_stands_for(page: Page, site_url: str) -> None:
    everyday = read_everyday(ROOT, published().register)[0]
    wanted: dict[str, set[str]] = {}
    for at, typed in everyday.items():
        for words in typed:
            wanted.setdefault(words, set()).add(at)
    page.goto(site_url)
    answers = page.evaluate(ASK, list(wanted))
    assert len(answers) > 200
    found = {
        words: {at for group in answer[:FIRST] for at in shown(group)}
        for words, answer in zip(wanted, answers, strict=True)
    }
    assert "; ".join(words for words in wanted if not wanted[words] & found[words]) == ""


# ---- other forms of a word, and slips of the finger


def found_for(page: Page, queries: Sequence[str]) -> dict[str, list[list[str]]]:
    """What the search finds for each query: all the addresses of each result, in order."""
    answers = page.evaluate(ASK, list(queries))
    return {
        query: [[one["location"] for one in group] for group in answer]
        for query, answer in zip(queries, answers, strict=True)
    }


FORMS = {
    "exploitation": ["exploiting", "exploiter", "exploiters", "exploitative", "Exploiting."],
    "threshold": ["thresholds", "Thresholds?", "threshold's"],
    "grooming": ["groomed", "groomer", "groomers"],
    "referral": ["referrals"],
    "interview": ["interviews", "interviewing", "interviewer"],
    "county lines": ["county's lines"],
}
"""Plain words, and forms of them that the pages do not use, or use less."""


def test_forms_of_a_word_find_what_the_plain_word_finds(page: Page, site_url: str) -> None:
    page.goto(site_url)
    found = found_for(page, [*FORMS, *(form for forms in FORMS.values() for form in forms)])
    assert [plain for plain in FORMS if not found[plain]] == []
    assert {form: found[form][:1] for forms in FORMS.values() for form in forms} == {
        form: found[plain][:1] for plain, forms in FORMS.items() for form in forms
    }


BESIDE = dict(zip("abcdefghijklmnopqrstuvwxyz", "snvfrghjoklknmpowtdyibecux", strict=True))
"""A key beside each key."""


def slips(word: str, at: int) -> Iterator[str]:
    """A word with one slip of each kind in one place: a letter left out, doubled, hit wrong or put before another."""
    before, letter, after = word[:at], word[at], word[at + 1 :]
    yield before + after
    yield before + letter + letter + after
    yield before + BESIDE[letter] + after
    if after:
        yield before + after[0] + letter + after[1:]


@pytest.mark.parametrize("word", ["exploitation", "threshold", "safeguarding", "trafficking", "interview"])
def test_one_slip_of_the_finger_finds_what_the_word_finds(page: Page, site_url: str, word: str) -> None:
    page.goto(site_url)
    typed = {slip for at in range(len(word)) for slip in slips(word, at)} - {word}
    found = found_for(page, [word, *sorted(typed)])
    assert found[word]
    assert {slip for slip in typed if found[slip][:1] != found[word][:1]} == set()


LOOK_ALIKES = {
    "brothel": "brother", "slaves": "save", "married": "carried", "terror": "error", "strangle": "stranger",
    "seduce": "reduce", "deception": "reception", "stabs": "stays", "razed": "raped", "lovers": "lower",
}  # fmt: skip
"""Words that people may well type here, and others that they do not mean."""


def test_a_true_word_is_not_taken_for_a_slip_of_another(page: Page, site_url: str) -> None:
    page.goto(site_url)
    found = found_for(page, [*LOOK_ALIKES, *LOOK_ALIKES.values()])
    assert all(found[other] for other in ("brother", "stranger", "reception"))
    assert {word for word, other in LOOK_ALIKES.items() if found[word] and found[word][:1] == found[other][:1]} == set()


def test_a_word_that_the_pages_use_is_taken_as_it_is(page: Page, site_url: str) -> None:
    """Though another is only a letter away, or is used more; and so is the beginning of one, while it is typed."""
    page.goto(site_url)
    found = found_for(page, ["content", "consent", "exploited", "exploitation", "exploitat", "exploiting"])
    assert all(found.values())
    assert found["content"][:1] != found["consent"][:1]
    assert found["exploited"][:1] != found["exploitation"][:1]
    assert found["exploitat"][:1] == found["exploitation"][:1]


def test_what_the_procedure_does_not_say_leads_to_a_sentence_that_says_so(box: Box) -> None:
    for typed in ("NRM", "cuckooing", "cuckooed", "cuckoing", "sextortion"):
        assert any(at.startswith("glossary/#") for item in box.search(typed)[:2] for at in item), typed
    expect(box.page.locator(f"{RESULTS} article", has_text="does not use this word").first).to_be_visible()


def test_a_word_that_is_nowhere_is_said_to_be_nowhere(box: Box) -> None:
    box.input.fill("zebrafinch")
    box.input.press("End")
    expect(box.page.locator(".md-search-result__meta")).to_contain_text("do not use what you typed")


# ---- nothing leaves


def test_what_is_typed_stays_in_the_box(lone_page: Page, site_url: str) -> None:
    recorder = Recorder(lone_page)
    box = Box(lone_page, site_url)
    box.search("holiday zebrafinch")
    recorder.look()
    lone_page.locator(".md-search-result__item > a").nth(1).click()
    lone_page.wait_for_url("**#s9-08")
    recorder.look()
    assert recorder.leaks(["holiday", "zebrafinch"]) == []
    assert {urlsplit(request.url).hostname for request in recorder.requests} == {HOST}


def test_the_recorder_would_notice_words_in_the_address(lone_page: Page, site_url: str) -> None:
    recorder = Recorder(lone_page)
    lone_page.goto(f"{site_url}procedure/referring/?h=holiday#s9-08")
    assert recorder.leaks(["holiday"])
