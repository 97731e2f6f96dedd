"""A process of its own that limits itself and then becomes the program of its arguments: see child_process.py.

    python -I limited_process.py SECONDS MEGABYTES PROGRAM [ARGUMENT…]

Limits are of processor time, memory and the size of a written file; there is no core dump. Where the system has no
such limits (Windows) the waiting time of child_process.py alone bounds the program.
"""

from __future__ import annotations

import os
import sys

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Sets the limits and runs the program in this process."""
    seconds, megabytes = int(sys.argv[1]), int(sys.argv[2])
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 2**20, 256 * 2**20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606


if __name__ == "__main__":
    main()
