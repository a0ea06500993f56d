"""The same call for many items: in order, one outcome each, on whatever executor."""

from __future__ import annotations

import functools
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

from cvat_sdk.api_client import ApiClient, ApiValueError
from cvat_sdk.core.parallel import map_calls


def halved(number: int) -> int:
    if number % 5 == 3:
        raise ValueError(f"{number} is not liked")
    return number * 2


def name_of(client: ApiClient, task_id: int) -> str:
    return str(client.tasks_api.retrieve(task_id)[0].name)


@pytest.mark.parametrize("in_flight", [None, 1, 3])
def test_outcomes_are_in_order_with_one_error_each(in_flight: int | None) -> None:
    outcomes = list(map_calls(halved, range(20), in_flight=in_flight))
    assert [outcome.item for outcome in outcomes] == list(range(20))
    for outcome in outcomes:
        if outcome.item % 5 == 3:
            assert isinstance(outcome.error, ValueError)
            with pytest.raises(ValueError, match="not liked"):
                outcome.get()
        else:
            assert outcome.get() == outcome.item * 2


def test_items_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def items() -> Any:
        for number in range(1000):
            taken.append(number)
            yield number

    outcomes = map_calls(lambda number: number, items(), in_flight=4)
    for _ in range(3):
        next(outcomes)
    assert len(taken) <= 7


def test_stopping_early_leaves_no_thread() -> None:
    outcomes: Any = map_calls(lambda number: number, range(100))
    next(outcomes)
    outcomes.close()
    for thread in threading.enumerate():
        if thread.name.startswith("cvat-sdk-calls"):
            thread.join(20)
            assert not thread.is_alive()


def test_an_executor_of_the_callers_stays_open() -> None:
    with ThreadPoolExecutor(2) as executor:
        assert [outcome.value for outcome in map_calls(halved, [1, 2], executor=executor)] == [2, 4]
        assert executor.submit(halved, 1).result() == 2


def test_a_client_goes_to_other_processes(client: ApiClient) -> None:
    ids = [client.tasks_api.create({"name": f"task {number}"})[0].id for number in range(4)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        outcomes = list(
            map_calls(functools.partial(name_of, client), [*ids, 10**6], executor=executor)
        )
    assert [outcome.value for outcome in outcomes[:4]] == [f"task {number}" for number in range(4)]
    assert getattr(outcomes[4].error, "status", None) == 404


def test_a_client_goes_to_a_cluster_of_dask(client: ApiClient) -> None:
    from distributed import Client, LocalCluster

    ids = [client.tasks_api.create({"name": f"task {number}"})[0].id for number in range(4)]
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    )
    with cluster, Client(cluster) as dask:
        work = functools.partial(name_of, client)
        outcomes = list(map_calls(work, [*ids, 10**6], executor=dask.get_executor(), in_flight=3))
    assert [outcome.value for outcome in outcomes[:4]] == [f"task {number}" for number in range(4)]
    assert getattr(outcomes[4].error, "status", None) == 404


def test_a_number_below_one_is_refused() -> None:
    with pytest.raises(ApiValueError, match="in_flight"):
        map_calls(halved, [], in_flight=0)
