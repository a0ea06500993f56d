"""The pause of the garbage collector while much is decoded: it ends, and other code keeps its say."""

from __future__ import annotations

import gc
import io
import os
import threading
import weakref
from collections.abc import Iterator

import pytest

from cvat_sdk.api_client import models
from cvat_sdk.api_client.runtime import codec
from cvat_sdk.api_client.runtime.collector import PAUSE

LARGE = b'{"shapes": [%s]}' % b",".join([b'{"type": "mask", "frame": 1, "label_id": 2}'] * 120_000)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The collector as it was, whatever a test does to it."""
    threshold = gc.get_threshold()
    yield
    gc.enable()
    gc.set_threshold(*threshold)


def collections() -> int:
    return sum(generation["collections"] for generation in gc.get_stats())


def test_nothing_is_collected_within_a_pause() -> None:
    threshold = gc.get_threshold()
    with PAUSE:
        before = collections()
        made = [[] for _ in range(100_000)]
        assert collections() == before
    assert gc.get_threshold() == threshold
    assert len(made) == 100_000


def test_a_large_body_is_decoded_and_built_without_collections() -> None:
    data = {"shapes": [{"type": "mask", "frame": 1, "label_id": 2} for _ in range(10_000)]}
    for work in (
        lambda: codec.decode(LARGE, "LabeledData"),
        lambda: models.LabeledDataRequest(**data),
    ):
        work()  # what is made once for a type is not counted
        gc.collect()
        before = collections()
        kept = work()
        # One may have become due, at the end. Without a pause there would be one for 700 objects.
        assert collections() - before <= 1
        del kept


def test_an_error_ends_the_pause() -> None:
    threshold = gc.get_threshold()
    with pytest.raises(TypeError):
        codec.decode(LARGE, "LabeledData", mode="strict")
        codec.decode(b"<" * 6_000_000, "LabeledData")
    assert gc.get_threshold() == threshold


def test_pauses_nest() -> None:
    threshold = gc.get_threshold()
    with PAUSE:
        with PAUSE:
            pass
        assert gc.get_threshold() != threshold
    assert gc.get_threshold() == threshold


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    threshold = gc.get_threshold()
    codec.decode(LARGE, "LabeledData")
    assert not gc.isenabled()
    assert gc.get_threshold() == threshold


def test_a_collector_that_is_switched_off_meanwhile_stays_off() -> None:
    threshold = gc.get_threshold()
    with PAUSE:
        gc.disable()
    assert not gc.isenabled()
    assert gc.get_threshold() == threshold


def test_a_threshold_that_is_set_meanwhile_stays() -> None:
    with PAUSE:
        gc.set_threshold(900, 12, 11)
    assert gc.get_threshold()[0] == 900


def test_pauses_of_several_threads_overlap() -> None:
    threshold = gc.get_threshold()
    inside = threading.Barrier(8)

    def work() -> None:
        for _ in range(20):
            with PAUSE:
                inside.wait()
                assert gc.get_threshold() != threshold
                inside.wait()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gc.get_threshold() == threshold


def test_a_process_forked_within_a_pause_collects_again() -> None:
    threshold = gc.get_threshold()
    with PAUSE:
        child = os.fork()
        if child == 0:
            os._exit(0 if gc.get_threshold() == threshold else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert gc.get_threshold() == threshold


def test_models_that_cannot_hold_themselves_are_no_work_for_the_collector() -> None:
    shape = models.LabeledShape(type="mask", label_id=1, frame=2, points=[1.0, 2.0])
    assert not gc.is_tracked(shape)
    assert not gc.is_tracked(models.LabeledData(shapes=[shape]))


def test_a_model_that_holds_itself_is_collected() -> None:
    organization = models.OrganizationWriteRequest(slug="a", contact={})
    stream = io.BytesIO()
    organization.contact = {"of": organization, "by": stream}
    alive = weakref.ref(stream)
    del organization, stream
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"shapes": [{"type": "mask", "frame": 1, "label_id": 2, "news": {}}]}',
        b'{"shapes": [{"type": "novel", "frame": null, "label_id": "2"}], "tags": 1}',
        b'{"version": NaN}',
    ],
)
def test_a_drifted_body_leaves_nothing_to_collect(body: bytes) -> None:
    codec.decode(body, "LabeledData")  # what is made once
    gc.collect()
    gc.disable()
    try:
        codec.decode(body, "LabeledData")
        assert gc.collect() == 0
    finally:
        gc.enable()
