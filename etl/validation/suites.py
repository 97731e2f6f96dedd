"""`python -m etl.validation.suites` writes the kept suites, after a change of the rules or of a form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from etl.catalogue import load_catalogue
from etl.rules import load_rules
from etl.settings import PROJECT_ROOT
from etl.validation.suite import SUITES_FOLDER, compile_suites, hash_sources


def write_suites(folder: Path = SUITES_FOLDER) -> list[Path]:
    """Write the suites of every shipped form and return the files."""
    catalogue, rules, written = load_catalogue(), load_rules(), []
    for form in catalogue.forms.values():
        meta = {"form_code": form.form_code, "source_hash": hash_sources(form, catalogue, rules)}
        for name, expectations in compile_suites(form, catalogue, rules).items():
            path = folder / f"{form.form_code}.{name}.json"
            document = {"name": f"{form.form_code}.{name}", "meta": meta, "expectations": expectations}
            path.write_text(_format(document) + "\n", encoding="utf-8")
            written.append(path)
    return written


def _format(value: Any, indent: str = "") -> str:
    """JSON with a line for each key, so that a changed rule is a short difference; row conditions are on one line."""
    inner = indent + "  "
    if isinstance(value, dict) and value.get("type") not in ("comparison", "and", "or"):
        items = (f"{inner}{json.dumps(key)}: {_format(item, inner)}" for key, item in value.items())
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return "[\n" + ",\n".join(inner + _format(item, inner) for item in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    for file in write_suites():
        print(file.relative_to(PROJECT_ROOT))
