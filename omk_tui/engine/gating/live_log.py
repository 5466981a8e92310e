"""What a gate that runs has said so far: redacted as it comes, in a file without a name, gone with its last reader.

It is no record: the log of a gate is written when the gate has ended.
"""

from __future__ import annotations

import codecs
import os
import tempfile
from contextlib import suppress
from threading import Lock

from omk_tui.core.format.redaction import StreamRedaction
from omk_tui.engine.gating.process import KEPT

_DECODER = codecs.getincrementaldecoder("utf-8")
STREAMS = 2


class CleanOutput:
    """The two output streams of a process as text without secrets, as far as that is certain."""

    def __init__(self) -> None:
        self._decoders = [_DECODER("replace") for _ in range(STREAMS)]
        self._redactions = [StreamRedaction() for _ in range(STREAMS)]

    def take(self, stream: int, piece: bytes) -> str:
        """What another piece of a stream (0: standard output, 1: standard error) makes certain."""
        return self._redactions[stream].take(self._decoders[stream].decode(piece))


class LiveLog:
    """Both streams as they come, the first and the last part of them where they are long, to be read meanwhile.

    When the middle is dropped the file is made anew: `edition` counts that, and whoever reads takes the new one. What
    cannot be written (a full disk) is left out: the record does not depend on it.
    """

    def __init__(self, largest: int = KEPT) -> None:
        self._half = largest // 2
        self._output, self._lock = CleanOutput(), Lock()
        self._file = tempfile.TemporaryFile(prefix="omk-tui-live-", buffering=0)  # noqa: SIM115 - closed by `close`
        self._size = self._dropped = 0
        self.edition = 1

    @property
    def size(self) -> int:
        """Bytes that were said so far, dropped ones too."""
        return self._size + self._dropped

    def take(self, stream: int, piece: bytes) -> None:
        """Add a piece of a stream."""
        with self._lock, suppress(OSError, ValueError):
            self._write(self._output.take(stream, piece).encode("utf-8", "replace"))
            if self._size > 3 * self._half:
                self._drop_the_middle()

    def descriptor(self) -> int:
        """Another descriptor of the file as it is now, which the caller closes. Raises OSError."""
        with self._lock:
            return os.dup(self._file.fileno())

    def close(self) -> None:
        """No more will come; who reads reads on."""
        with self._lock:
            self._file.close()

    def _write(self, data: bytes) -> None:
        while data:
            written = self._file.write(data)
            self._size += written
            data = data[written:]

    def _drop_the_middle(self) -> None:
        descriptor, size = self._file.fileno(), self._size
        head, tail = os.pread(descriptor, self._half, 0), os.pread(descriptor, self._half, size - self._half)
        self._dropped += size - len(head) - len(tail)
        fresh = tempfile.TemporaryFile(prefix="omk-tui-live-", buffering=0)  # noqa: SIM115 - it takes the other's place
        self._file.close()
        self._file, self._size = fresh, 0
        self.edition += 1
        self._write(head + f"\n... {self._dropped:,} bytes dropped ...\n".encode() + tail)
