"""Where reports come from (drives, an API) and the register of what came, with the bytes of every file kept once."""

from etl.submissions.api import INVALID_SUFFIX, SubmissionApi
from etl.submissions.decisions import Decided
from etl.submissions.drives import Credentials, Drive, settled
from etl.submissions.register import (
    Registration,
    keep_converted,
    known_versions,
    mark_duplicate_of_same_facts,
    pending,
    record_content,
    record_place,
    register_file,
    set_status,
)
from etl.submissions.source import Source, SourceFile
from etl.submissions.store import FileStore, Store, file_store

__all__ = [
    "INVALID_SUFFIX",
    "Credentials",
    "Decided",
    "Drive",
    "FileStore",
    "Registration",
    "Source",
    "SourceFile",
    "Store",
    "SubmissionApi",
    "file_store",
    "keep_converted",
    "known_versions",
    "mark_duplicate_of_same_facts",
    "pending",
    "record_content",
    "record_place",
    "register_file",
    "set_status",
    "settled",
]
