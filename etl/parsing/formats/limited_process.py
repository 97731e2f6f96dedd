"""Limit this process, then become another program (child_process.py):

    python -I limited_process.py SECONDS MEGABYTES PROGRAM [ARGUMENT…]

Limits CPU time, memory and the size of written files, and writes no core dump. Windows has no such limits; there only
the timeout of child_process.py applies.
"""

from __future__ import annotations

import os
import sys

if sys.platform != "win32":
    import resource

    seconds, bytes_of_memory = int(sys.argv[1]), int(sys.argv[2]) * 2**20
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (bytes_of_memory, bytes_of_memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 2**20, 256 * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606
