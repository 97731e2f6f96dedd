"""YAML files of the catalogue: read with the line of every key, validated by pydantic models."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from etl.errors import CatalogueError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from yaml import SafeLoader as _YamlLoader
else:
    _YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the parser in C is eight times faster

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]

_MOST_PROBLEMS, _MOST_KEYS = 8, 20  # shown in one error


class CatalogueModel(BaseModel):
    """Base of all models of catalogue files: immutable, unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Problem(NamedTuple):
    """What is wrong with a file. `location` is the path of keys and list indexes from the root of the document."""

    location: Location
    message: str
    hint: str = ""


class Document(dict[str, Any]):
    """A mapping of a YAML file that knows its own line and those of its keys. Nested mappings are Documents too."""

    def __init__(self, file_name: str, line: int) -> None:
        super().__init__()
        self.file_name = file_name
        self.line = line
        self.lines: dict[str, int] = {}

    def copy(self) -> Document:
        """Return a shallow copy with the same lines."""
        document = Document(self.file_name, self.line)
        document.update(self)
        document.lines.update(self.lines)
        return document

    def error(self, message: str, hint: str = "", *, key: str = "") -> CatalogueError:
        """Return an error located at the line of `key`, or where the mapping begins."""
        return CatalogueError(f"{self.file_name}:{self.lines.get(key, self.line)}", message, hint)

    def locate(self, location: Location) -> tuple[str, int]:
        """Return file name and line of the deepest key on the way to `location`; other parts of it are skipped."""
        node: Any = self
        file_name, line = self.file_name, self.line
        for part in location:
            if isinstance(node, Document) and part in node:
                file_name, line = node.file_name, node.lines.get(str(part), node.line)
                node = node[str(part)]
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                node = node[part]
                if isinstance(node, Document):
                    file_name, line = node.file_name, node.line
        return file_name, line


def validate_document(document: Document, model: type[Model], context: Any = None) -> Model:
    """Validate a document against a pydantic model. `context` is passed to its validators as `info.context`.

    Raises CatalogueError with the file and line of every problem. Union tags must not be names of keys, so that the
    location of a problem can be followed through the document.
    """
    try:
        return model.model_validate(document, context=context)
    except ValidationError as error:
        raise document_error(document, list_problems(error, model)) from None


def document_error(document: Document, problems: Iterable[Problem]) -> CatalogueError:
    """Return one error for all problems of a document, in the order of their lines. There must be at least one."""
    return locate_problems([(document.locate(problem.location), problem) for problem in problems])


def locate_problems(located: Iterable[tuple[tuple[str, int], Problem]]) -> CatalogueError:
    """Return one error for problems with their file and line, in this order. There must be at least one."""
    located = sorted(located)
    (file_name, line), first = located[0]
    messages = [first.message, *(f"{name}:{number}: {problem.message}" for (name, number), problem in located[1:])]
    if len(messages) > _MOST_PROBLEMS:
        messages[_MOST_PROBLEMS:] = [f"and {len(messages) - _MOST_PROBLEMS} more"]
    return CatalogueError(f"{file_name}:{line}", "; ".join(messages), first.hint if len(located) == 1 else "")


def list_problems(error: ValidationError, model: type[BaseModel] | None = None) -> list[Problem]:
    """Translate the errors of pydantic into the words of this project; `model` serves to suggest a known key."""
    errors = error.errors()
    within = {details["loc"][:depth] for details in errors for depth in range(len(details["loc"]))}
    # A list of which every item is invalid is also too short: only the items are worth reporting.
    return [Problem(details["loc"], *_describe(details, model)) for details in errors if details["loc"] not in within]


def _describe(details: ErrorDetails, model: type[BaseModel] | None) -> tuple[str, str]:
    """Return message and hint for one error of pydantic."""
    key, value = _name(details["loc"]), details["input"]
    match details["type"]:
        case "missing":
            return f"the key {key!r} is missing", ""
        case "extra_forbidden":
            return _describe_unknown_key(str(key), model)
        case "literal_error" | "unknown_code":
            expected = details["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return f"{key} {reprlib.repr(value)} is unknown", f"Known are {expected}"
        case "union_tag_invalid":
            return f"{details['ctx']['tag']} is unknown", f"Known are {details['ctx']['expected_tags']}"
        case "value_error":
            return str(details["ctx"]["error"]), ""
        case _:
            reason = details["msg"].replace("Input should be", "must be").replace("Decimal input", "must")
            return f"{key} is {reprlib.repr(value)}: {reason[0].lower()}{reason[1:]}", ""


def _name(location: Location) -> str:
    """What a message calls a location: its last key, or the item of a list."""
    *above, last = ("the file", *location)
    if isinstance(last, int):
        return f"item {last + 1} of {above[-1]}"
    return f"a key of {above[-2]}" if last == "[key]" else str(last)


def _describe_unknown_key(key: str, model: type[BaseModel] | None) -> tuple[str, str]:
    known = sorted(_keys_of(model.model_json_schema())) if model else []
    similar = get_close_matches(key, known, 1)
    if similar:
        return f"unknown key {key!r}", f"The nearest known key is {similar[0]!r}"
    return f"unknown key {key!r}", f"Known are {', '.join(known)}" if 0 < len(known) <= _MOST_KEYS else ""


def _keys_of(schema: Mapping[str, Any]) -> set[str]:
    return {key for part in (schema, *schema.get("$defs", {}).values()) for key in part.get("properties", {})}


class _Loader(_YamlLoader):
    file_name = ""


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[Document]:
    document = Document(loader.file_name, node.start_mark.line + 1)
    yield document
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        document.lines[key] = key_node.start_mark.line + 1
        if key in document:
            raise document.error(f"the key {key!r} is given twice", key=key)
        document[key] = loader.construct_object(value_node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def read_text(path: Path) -> str:
    """Return the text of a catalogue file. Raises CatalogueError if it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CatalogueError(f"{path.name}:1", "the file is not UTF-8", "Save it as UTF-8") from None


def read_document(path: Path) -> Document:
    """Return the mapping that a YAML file contains. Raises CatalogueError with file and line if it contains none."""
    try:
        loader = _Loader(read_text(path))
        loader.file_name = path.name
        document = loader.get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = "a node contains itself" if "recursive" in str(error) else "the file is not valid YAML"
        raise CatalogueError(f"{path.name}:{mark.line + 1 if mark else 1}", message) from error
    if not isinstance(document, Document):
        raise CatalogueError(f"{path.name}:1", "the file is not a mapping of keys")
    return document
