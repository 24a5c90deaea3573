"""Every connector lists what is there, goes on where it was, and never goes round in circles."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import pytest

from integrations.connectors.base import Page, RemoteOrder
from integrations.errors import BadAnswer, Skip
from tests.integrations.contract.faults import Fault, Trait
from tests.integrations.contract.harness import PATIENT, Harness
from tests.integrations.contract.orders import FIRST, archive, fill


def listed(pages: list[Page]) -> list[RemoteOrder]:
    return [order for page in pages for order in page.orders]


def test_all_orders_are_listed_each_once(harness: Harness) -> None:
    names = fill(harness, 5)
    orders = listed(list(harness.connector().pages(None)))
    assert sorted(order.order_id for order in orders) == names
    assert all(order.is_ready and order.changed_at.tzinfo for order in orders)
    assert all(order.identity.full_name or order.identity.has_name for order in orders)


def test_nothing_is_an_empty_list_and_no_error(harness: Harness) -> None:
    assert listed(list(harness.connector().pages(None))) == []


@pytest.mark.about(Trait.LISTS_SINCE)
def test_a_listing_goes_on_from_a_moment(harness: Harness) -> None:
    names = fill(harness, 5)
    orders = listed(list(harness.connector().pages(FIRST + timedelta(hours=3))))
    assert sorted(order.order_id for order in orders) == names[3:]


@pytest.mark.about(Fault.PAGE_LOOP)
def test_a_list_that_turns_in_a_circle_is_left_and_what_it_gave_counts(harness: Harness) -> None:
    fill(harness, 5)
    harness.do(Fault.PAGE_LOOP)
    found: list[Page] = []
    with pytest.raises(BadAnswer) as caught:
        collect(harness.connector().pages(None), found)
    assert caught.value.code == "page_loop"
    assert listed(found)


def collect(pages: Iterator[Page], found: list[Page]) -> None:
    for page in islice(pages, 50):  # a circle that nobody notices ends here, and the test fails
        found.append(page)


def test_one_bad_entry_costs_only_itself(harness: Harness) -> None:
    names = fill(harness, 5)
    harness.spoil(names[1])
    pages = list(harness.connector().pages(None))
    assert sorted(order.order_id for order in listed(pages)) == [names[0], *names[2:]]
    [fault] = [fault for page in pages for fault in page.faults]
    assert isinstance(fault, BadAnswer | Skip)
    assert PATIENT not in f"{fault} {fault!r} {fault.message}"


def test_a_bad_entry_asked_for_alone_says_so_without_its_patient(harness: Harness) -> None:
    [name] = fill(harness, 1)
    harness.spoil(name)
    with pytest.raises((BadAnswer, Skip)) as caught:
        harness.connector().order(name)
    assert PATIENT not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"


def test_an_order_alone_is_the_order_of_the_list(harness: Harness) -> None:
    fill(harness, 1)
    [order] = listed(list(harness.connector().pages(None)))
    assert harness.connector().order(order.order_id) == order


def test_an_order_that_is_gone_is_skipped(harness: Harness) -> None:
    [name] = fill(harness, 1)
    harness.take_away(name)
    with pytest.raises(Skip):
        harness.connector().order(name)


def test_other_files_are_another_revision_and_the_same_files_the_same(harness: Harness) -> None:
    fill(harness, 1)
    [before] = listed(list(harness.connector().pages(None)))
    [again] = listed(list(harness.connector().pages(None)))
    harness.put(before.order_id, FIRST + timedelta(days=1), archive(99))
    [after] = listed(list(harness.connector().pages(None)))
    assert before.revision == again.revision != after.revision
    assert after.order_id == before.order_id
