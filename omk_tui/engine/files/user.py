"""Who is at work, as records name it."""

from __future__ import annotations

import os
import pwd


def user_at_host() -> str:
    """Who decides or records: ``user@host``, with the user's number where nobody knows a name for it."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return f"{user}@{os.uname().nodename}"
