from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from etl.settings import PROJECT_ROOT


def test_packages_import_each_other_in_one_direction_only() -> None:
    process = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo"],
        check=False,
        capture_output=True,
        text=True,
        cwd=PROJECT_ROOT,
    )
    assert process.returncode == 0, process.stdout + process.stderr
