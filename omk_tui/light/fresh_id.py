"""Fresh identifiers as omk writes them: random uuids of version 4, without loading the module `uuid`."""

from __future__ import annotations

import os


def fresh_id() -> str:
    """A random uuid of version 4, in lower-case hexadecimal with its hyphens."""
    number = bytearray(os.urandom(16))
    number[6] = number[6] & 0x0F | 0x40
    number[8] = number[8] & 0x3F | 0x80
    digits = number.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
