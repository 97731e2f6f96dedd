"""YAML files of the catalogue, read so that a complaint about any key can name its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from etl.errors import CatalogueError


class Document(dict[str, Any]):
    """A mapping of a YAML file that knows where it and its keys stand; mappings within it are Documents too."""

    def __init__(self, file_name: str, line: int) -> None:
        super().__init__()
        self.file_name = file_name
        self.line = line
        self.lines: dict[str, int] = {}

    def error(self, what: str, hint: str = "", *, key: str = "") -> CatalogueError:
        """An error that points to the line of `key`, or to where the mapping begins."""
        return CatalogueError(f"{self.file_name}:{self.lines.get(key, self.line)}", what, hint)

    def check_keys(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        """Raises CatalogueError for a key that is unknown or missing."""
        for key in self:
            if key not in required and key not in optional:
                raise self.error(f"unknown key {key!r}", f"Known are {', '.join(required + optional)}", key=key)
        for key in required:
            if key not in self:
                raise self.error(f"the key {key!r} is missing")


class _Loader(yaml.SafeLoader):
    file_name = ""


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[Document]:
    document = Document(loader.file_name, node.start_mark.line + 1)
    yield document
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        document.lines[key] = key_node.start_mark.line + 1
        if key in document:
            raise document.error(f"{key!r} stands twice", key=key)
        document[key] = loader.construct_object(value_node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def read_text(path: Path) -> str:
    """The text of a catalogue file. Raises CatalogueError where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CatalogueError(f"{path.name}:1", "this is not UTF-8", "Save it as UTF-8") from None


def read_document(path: Path) -> Document:
    """The mapping that a YAML file holds. Raises CatalogueError (file and line) where it is none."""
    try:
        loader = _Loader(read_text(path))
        loader.file_name = path.name
        document = loader.get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if "recursive" in str(error):
            raise CatalogueError(f"{path.name}:{mark.line + 1 if mark else 1}", "this contains itself") from error
        raise CatalogueError(f"{path.name}:{mark.line + 1 if mark else 1}", "this is not YAML") from error
    if not isinstance(document, Document):
        raise CatalogueError(f"{path.name}:1", "this is not a mapping of keys")
    return document
