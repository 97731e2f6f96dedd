"""`python -m etl.validation.suites` writes the kept suites anew, after a change of the rules or of a form."""

from __future__ import annotations

import json
from pathlib import Path

from etl.catalogue import load_catalogue
from etl.rules import load_rules
from etl.settings import PROJECT_ROOT
from etl.validation.suite import SUITES, as_document, build_suite


def write(folder: Path = SUITES) -> list[Path]:
    """Writes the suite of every shipped form, one expectation a line so that a change reads well; returns the files."""
    catalogue, written = load_catalogue(), []
    for form in catalogue.forms.values():
        document = as_document(build_suite(form, catalogue, load_rules()))
        lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in document.pop("expectations"))
        head = json.dumps(document, ensure_ascii=False, indent=1).removesuffix("\n}")
        path = folder / f"{form.form_code}.json"
        path.write_text(f'{head},\n "expectations": [\n{lines}\n]\n}}\n', encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for file in write():
        print(file.relative_to(PROJECT_ROOT))
