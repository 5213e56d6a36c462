"""Turns the pages of an endpoint over until the list is complete, and knows when it is not.

Some endpoints say how many rows and pages there are, others nothing. Either way: a page is never taken twice, a row
never counted twice, and a list that does not end is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from wardstats.core.periods import Period
from wardstats.harvest.answer_cache import Kept, KeptAnswer
from wardstats.harvest.client import Portal
from wardstats.harvest.endpoints import OVERALL, Endpoint, body
from wardstats.harvest.faults import AnswerError
from wardstats.harvest.portal_json import Page, read_page
from wardstats.harvest.shapes import Department

MOST_PAGES = 100


@dataclass
class Listing:
    """What one endpoint says about a province and its units.

    Attributes:
        whole: The province; None where the portal lists the provinces.
        rows: Its units, by departmentId, in the portal's order.
        answers: The answers it was read from.
        chart: See ``answers.Page``.
        unknown: Fields nobody knows.
    """

    endpoint: Endpoint
    whole: Department | None = None
    rows: dict[str, Department] = field(default_factory=dict)
    answers: list[KeptAnswer] = field(default_factory=list)
    chart: Mapping[str, float | None] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


@dataclass
class Gatherer:
    """Reads listings of one period, from what is kept or from the portal.

    Attributes:
        portal: Whom to ask.
        kept: Where answers are kept.
        period: The period asked for.
        tell: Called with (lists done, lists to read, what) before each page.
        to_read: How many lists there are to read.
        done: How many of them are complete.
    """

    portal: Portal
    kept: Kept
    period: Period
    tell: Callable[[int, int, str], None] = lambda _done, _to_read, _what: None
    to_read: int = 1
    done: int = 0

    def gather(self, endpoint: Endpoint, root: str | None, known_rows: int = 0, only_whole: bool = False) -> Listing:
        """Return an endpoint's whole list.

        Args:
            root: departmentId of the province; None lists the provinces.
            known_rows: How many rows another endpoint gave, to know an endless list by; 0 where not known.
            only_whole: The first page is enough: only the province is wanted.

        Raises:
            AnswerError: The list is incomplete, contradicts itself or does not end.
            PortalError: A page could not be had.
        """
        try:
            return self._gather(endpoint, root, known_rows, only_whole)
        finally:
            self.done += 1

    def _gather(self, endpoint: Endpoint, root: str | None, known_rows: int, only_whole: bool) -> Listing:
        listing, seen_pages, announced = Listing(endpoint), set[frozenset[str]](), None
        most = min(MOST_PAGES, ceil(known_rows / endpoint.page_size) + 2) if known_rows else MOST_PAGES
        for number in range(1, MOST_PAGES + 2):
            if number > (announced[1] if announced else most):
                raise AnswerError(
                    f"{endpoint.name}: found a list that goes on after page {number - 1}; expected it to end there. "
                    "The portal repeats or invents pages: nothing of it was used. Try again later."
                )
            at = f" {number}/{announced[1]}" if announced else f" {number}" if number > 1 else ""
            self.tell(self.done, self.to_read, f"{self.period.text} {endpoint.name}{at}")
            page = self._page(endpoint, root, number, listing)
            ids = frozenset(row.department_id for row in page.rows)
            if not page.pagination and number > 1 and (not ids or ids in seen_pages):
                return listing  # an endpoint without page numbers ends with an empty page, or repeats itself
            seen_pages.add(ids)
            self._add(listing, page, number)
            if only_whole:
                return listing
            if page.pagination:
                announced = self._announced(endpoint, page, number, announced)
                if number == announced[1]:
                    self._check_total(listing, announced[0])
                    return listing
            elif len(page.rows) != endpoint.page_size:  # a short page is the last; a longer one is the list at one go
                return listing
        raise AssertionError("the bound of pages is below the bound of the loop")

    def _page(self, endpoint: Endpoint, root: str | None, number: int, listing: Listing) -> Page:
        asked = body(endpoint, self.period, root, number)
        answer = self.kept.find(self.portal.base_url, endpoint, asked)
        if answer is None:
            fetched = self.portal.ask(endpoint, asked, lambda data: _doubt(endpoint, data, number))
            answer = self.kept.keep(self.portal.base_url, endpoint, asked, fetched)
        listing.answers.append(answer)
        page = read_page(endpoint, answer.data, has_root=root is not None)
        is_there = page.whole is not None or endpoint is not OVERALL
        if root is not None and is_there and (page.whole is None or page.whole.department_id != root):
            found = page.whole.department_name if page.whole else "nothing"
            raise AnswerError(f"{endpoint.name}: found the units of {found!r}; expected those of department {root}.")
        if page.pagination is None and endpoint.rows == "evaluation" and endpoint is not OVERALL:
            raise AnswerError(f"{endpoint.name}: pagination: missing; expected it, to tell how many units there are.")
        return page

    def _add(self, listing: Listing, page: Page, number: int) -> None:
        for row in page.rows:
            if row.department_id in listing.rows:
                raise AnswerError(
                    f"{listing.endpoint.name}: found {row.department_name!r} (departmentId {row.department_id}) twice, "
                    f"again on page {number}; expected each unit once. Where one is repeated another may be left out: "
                    "nothing of it was used. Try again later."
                )
            listing.rows[row.department_id] = row
        listing.whole = listing.whole or page.whole
        listing.chart = listing.chart or page.chart
        listing.unknown |= page.unknown

    @staticmethod
    def _announced(endpoint: Endpoint, page: Page, number: int, before: tuple[int, int] | None) -> tuple[int, int]:
        """Return (rows, pages) as announced; they must stay what the first page said."""
        assert page.pagination
        said = page.pagination
        found = (said.total, said.total_pages)
        fits = said.total_pages == max(1, ceil(said.total / max(1, said.page_size))) and said.current_page == number
        if not fits or said.total_pages > MOST_PAGES or (before and found != before):
            expected = (
                f"{before[0]} rows on {before[1]} pages, as before" if before else "page numbers that fit the rows"
            )
            raise AnswerError(
                f"{endpoint.name}, page {number}: found page {said.current_page} of {said.total_pages} for "
                f"{said.total} rows; expected {expected}. The list changes or does not end: nothing of it was used. "
                "Try again later."
            )
        return found

    @staticmethod
    def _check_total(listing: Listing, total: int) -> None:
        if len(listing.rows) != total:
            raise AnswerError(
                f"{listing.endpoint.name}: found {len(listing.rows)} units; expected the {total} that the portal "
                "announces. Nothing of it was used. Try again later."
            )


def _doubt(endpoint: Endpoint, data: Mapping[str, Any], number: int) -> str | None:
    """Say why a page should be asked for again: an empty one, where there must be rows."""
    rows, pagination = data.get(endpoint.rows), data.get("pagination")
    is_empty = isinstance(rows, list) and not rows
    return "got an empty page" if is_empty and (number == 1 or isinstance(pagination, dict)) else None
