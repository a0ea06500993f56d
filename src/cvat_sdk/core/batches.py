"""Many files to one address: packed into requests, several of which are under way at a time."""

from __future__ import annotations

import io
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import IO, Any

from urllib3.exceptions import HTTPError

from cvat_sdk.api_client.exceptions import ApiException
from cvat_sdk.api_client.runtime import types
from cvat_sdk.core import transfers, tus
from cvat_sdk.core.deadlines import waits_of
from cvat_sdk.core.exceptions import UploadException
from cvat_sdk.core.helpers import make_request_headers
from cvat_sdk.core.progress import ProgressReporter
from cvat_sdk.core.sources import Source, listed
from cvat_sdk.core.upload_state import UploadState
from cvat_sdk.core.workers import Workers

_LOGGER = logging.getLogger("cvat_sdk.core.uploading")


class _Counter:
    """Bytes that have arrived: added to by many threads, taken by the one that tells a reporter."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def add(self, count: int) -> None:
        with self._lock:
            self._count += count

    def take(self) -> int:
        with self._lock:
            count, self._count = self._count, 0
        return count


class _Counted(io.RawIOBase):
    """A file that counts what is read of it."""

    def __init__(self, file: IO[bytes], counter: _Counter) -> None:
        self._file = file
        self._counter = counter
        self.counted = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(position, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.counted += len(piece)
        self._counter.add(len(piece))
        return piece

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def take_back(self) -> None:
        """Count nothing of it: the request has failed."""
        self._counter.add(-self.counted)
        self.counted = 0


class Transfer:
    """The way of some files to the server.

    Args:
        client: The client.
        url: Where they go.
        sources: The files.
        image_quality: Sent along with each request, as the server wants it.
        state: Knows what has arrived before.
        pbar: Told of the bytes that arrive.
        cancel: Set it to give up.
    """

    def __init__(
        self,
        client: types.ApiClient,
        url: str,
        sources: Sequence[Source],
        image_quality: int,
        state: UploadState,
        pbar: ProgressReporter,
        cancel: threading.Event | None,
    ) -> None:
        self.client = client
        self.url = url
        self.sources = sources
        self.image_quality = image_quality
        self.state = state
        self.pbar = pbar
        self.cancel = cancel
        self.batch_bytes: int = 0
        self.counter: _Counter = _Counter()
        # Set when one request has failed for good: those under way need not go on.
        self.stopped: threading.Event = threading.Event()

    def run(self, *, parallel: int, batch_bytes: int, batch_count: int) -> None:
        """Send what has not arrived.

        Raises:
            UploadException: Some files were not sent.
            concurrent.futures.CancelledError: `cancel` was set.
        """
        left = [source for source in self.sources if source.name not in self.state.sent]
        total = sum(source.size for source in self.sources)
        arrived = total - sum(source.size for source in left)
        task = self.pbar.task(
            total=total, desc="Uploading data", unit_scale=True, unit="B", unit_divisor=1024
        )
        self.batch_bytes = batch_bytes
        waiting = _batches(left, batch_bytes, batch_count)
        workers = Workers(parallel, "cvat-sdk-upload")
        try:
            with task:
                if arrived:
                    self.pbar.advance(arrived)
                self._work(workers, waiting, parallel)
        finally:
            self.stopped.set()
            workers.stop()

    def _work(self, executor: Workers, waiting: Iterator[list[Source]], parallel: int) -> None:
        under_way: dict[Future[None], list[Source]] = {}
        failed: list[tuple[list[Source], BaseException]] = []
        while True:
            while len(under_way) < parallel and not failed:
                batch = next(waiting, None)
                if batch is None:
                    break
                under_way[executor.submit(self._send, batch)] = batch
            if not under_way:
                break
            done, _ = wait(under_way, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                batch = under_way.pop(future)
                error = future.exception()
                if error is not None:
                    failed.append((batch, error))
                    self.stopped.set()
            self._tell()
            transfers.check(self.cancel, "the upload")
        self._tell()
        if failed:
            self._fail(failed, [source for batch in waiting for source in batch])

    def _tell(self) -> None:
        if count := self.counter.take():
            self.pbar.advance(count)

    def _fail(
        self, failed: Sequence[tuple[list[Source], BaseException]], unsent: Sequence[Source]
    ) -> None:
        real = [entry for entry in failed if not isinstance(entry[1], CancelledError)] or failed
        error = real[0][1]
        names = [source.name for batch, _ in failed for source in batch]
        names += [source.name for source in unsent]
        named = listed([source.name for batch, _ in real for source in batch])
        count = f"{len(names)} of {len(self.sources)} files were not sent"
        raise UploadException(f"{count}; {named}: {transfers.first_line(error)}", names) from error

    def _send(self, batch: list[Source]) -> None:
        if batch[0].size > self.batch_bytes:
            self._send_in_pieces(batch[0])
            return
        failures = 0
        while True:
            if self.stopped.is_set():
                raise CancelledError("another request has failed")
            transfers.check(self.cancel, "the upload")
            files = [_Counted(source.opened(), self.counter) for source in batch]
            try:
                self._send_whole(batch, files)
                self.state.add([source.name for source in batch])
                return
            except (ApiException, HTTPError) as error:
                for file in files:
                    file.take_back()
                if getattr(error, "status", None) == 413:
                    self._send_smaller(batch, error)
                    return
                failures += 1
                if failures >= transfers.MOST_FAILURES or not transfers.may_pass(error):
                    raise
                _LOGGER.warning("upload: %s; trying again", transfers.first_line(error))
                transfers.pause(failures, self.cancel, "the upload")
            finally:
                for file in files:
                    file.close()

    def _send_smaller(self, batch: list[Source], error: BaseException) -> None:
        """Send what was too much for one request in several."""
        size = sum(source.size for source in batch)
        _LOGGER.warning(
            "upload: a request of %s bytes is too large for the server, or for a proxy before it "
            "(client_max_body_size of nginx, for instance); sending it in parts",
            f"{size:,}",
        )
        if len(batch) == 1:
            self._send_in_pieces(batch[0])
            return
        middle = len(batch) // 2
        self._send(batch[:middle])
        self._send(batch[middle:])

    def _send_whole(self, batch: Sequence[Source], files: Sequence[_Counted]) -> None:
        fields: list[tuple[str, Any]] = [("image_quality", str(self.image_quality))]
        fields += [
            (f"client_files[{index}]", (source.name, file))
            for index, (source, file) in enumerate(zip(batch, files, strict=True))
        ]
        response = self.client.rest_client.POST(
            self.url,
            headers={
                **make_request_headers(self.client),
                "Content-Type": "multipart/form-data",
                "Upload-Multiple": "",
            },
            post_params=fields,
            _request_timeout=waits_of(self.client),
            _check_status=False,
        )
        transfers.expect(200, response, "POST", self.url)

    def _send_in_pieces(self, source: Source) -> None:
        cancel = self.cancel or self.stopped
        with source.opened() as file:
            tus.upload_file(
                self.client,
                self.url,
                file,
                metadata={"filename": source.name},
                begun=self.state.begun.get(source.name),
                on_begin=lambda upload: self.state.begin(source.name, upload),
                on_bytes=self.counter.add,
                cancel=cancel,
            )
        self.state.add([source.name])


def _batches(sources: Sequence[Source], most_bytes: int, most_files: int) -> Iterator[list[Source]]:
    """Files that fit into a request together, in their order; those that do not fit alone, at the end."""
    batch: list[Source] = []
    size = 0
    for source in sources:
        if source.size > most_bytes:
            continue
        if batch and (size + source.size > most_bytes or len(batch) >= most_files):
            yield batch
            batch, size = [], 0
        batch.append(source)
        size += source.size
    if batch:
        yield batch
    yield from ([source] for source in sources if source.size > most_bytes)
