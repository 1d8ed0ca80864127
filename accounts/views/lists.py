"""A list of many things on a page: searched by name, of one state, ordered, a part at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

PER_PAGE = 25

SORTS: Mapping[str, tuple[str, Sequence[str]]] = {
    "newest": ("newest first", ("-pk",)),
    "oldest": ("oldest first", ("pk",)),
    "name": ("by name", ("name", "pk")),
}
"""How a list may be ordered: in words, and by which columns."""


@dataclass(frozen=True)
class Listing:
    """A part of a list, and what was asked for: '' where nothing was."""

    page_obj: Page
    search: str
    state: str
    sort: str
    states: Sequence[tuple[str, str]]

    @property
    def sorts(self) -> Mapping[str, str]:
        return {key: words for key, (words, _) in SORTS.items()}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.state)

    @property
    def is_worth_searching(self) -> bool:
        """Whether there is more than one looks over, or something is asked for already."""
        return self.is_narrowed or self.page_obj.paginator.count > PER_PAGE // 3


def listing(
    query: Mapping[str, Any],
    rows: QuerySet,
    states: Sequence[tuple[str, str]],
    counted: Callable[[QuerySet], QuerySet] = lambda rows: rows,
) -> Listing:
    """The part of *rows* (of a model with `name` and `state`) that *query* asks for.

    What *counted* adds to a row is computed for those of the part alone. What *query* asks for in
    vain (an order, a state, a page that there is not) is as if it had not.
    """
    search = str(query.get("q", "")).replace("\x00", "").strip()
    state = next((key for key, _ in states if key == query.get("state")), "")
    sort = str(query.get("sort", ""))
    sort = sort if sort in SORTS else next(iter(SORTS))
    found = rows.filter(state=state) if state else rows
    found = found.filter(name__icontains=search) if search else found
    ordered = found.order_by(*SORTS[sort][1])
    page = Paginator(ordered.values_list("pk", flat=True), PER_PAGE).get_page(query.get("page"))
    page.object_list = _these(list(page.object_list), rows, counted)
    return Listing(page, search, state, sort, states)


def newest(rows: QuerySet, most: int, counted: Callable[[QuerySet], QuerySet]) -> list[Any]:
    """The newest of *rows*, *most* of them; what *counted* adds is computed for these alone."""
    keys = rows.order_by("-pk").values_list("pk", flat=True)[:most]
    return _these(list(keys), rows, counted)


def _these(
    keys: Sequence[Any], rows: QuerySet, counted: Callable[[QuerySet], QuerySet]
) -> list[Any]:
    by_key = {row.pk: row for row in counted(rows.filter(pk__in=keys)).order_by()}
    # One that was deleted since the keys were read is no row any more.
    return [by_key[key] for key in keys if key in by_key]
