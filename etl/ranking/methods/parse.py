"""Reads scoring methods from their files (etl/catalogue/data/methods/*.yml, docs/methods.md)."""

from __future__ import annotations

from etl.catalogue import Catalogue
from etl.catalogue.document import Document, document_error, validate_document
from etl.ranking.methods.checks import find_problems
from etl.ranking.methods.completion import resolve_base
from etl.ranking.methods.method import Method
from etl.ranking.methods.vocabulary import Vocabulary


def parse_methods(catalogue: Catalogue) -> dict[str, Method]:
    """Return all methods of the catalogue by code. Raises CatalogueError with the file and line of every problem."""
    vocabulary = Vocabulary.from_catalogue(catalogue)
    methods: dict[str, Method] = {}
    for code in catalogue.methods:
        document = resolve_base(code, catalogue.methods)
        method = parse_method(document, vocabulary)
        if method.method_code != code:
            raise document.error(f"method_code {method.method_code!r} is not the file's name", key="method_code")
        if "valid_from" not in document:
            raise document.error("the key 'valid_from' is missing")
        methods[code] = method
    return methods


def parse_method(document: Document, vocabulary: Vocabulary) -> Method:
    """Return the method that one file describes. Raises CatalogueError with the file and line of every problem."""
    if "based_on" in document:
        raise document.error("based_on names a method of the catalogue", "Give the whole method here", key="based_on")
    method = validate_document(document, Method, vocabulary)
    problems = list(find_problems(method, vocabulary))
    if problems:
        raise document_error(document, problems)
    return method
