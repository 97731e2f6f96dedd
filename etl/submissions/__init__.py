"""Where reports come from (drives, an API), the store of original files, and the register of submissions."""

from etl.submissions.api import INVALID_SUFFIX, SubmissionApi
from etl.submissions.decisions import Decision
from etl.submissions.drives import Credentials, Drive, select_stable
from etl.submissions.register import (
    Registration,
    find_known_versions,
    find_submissions,
    mark_duplicate_of_same_facts,
    record_content,
    record_placement,
    register_file,
    set_status,
    store_converted,
)
from etl.submissions.source import Source, SourceFile
from etl.submissions.store import FileStore, Store, file_store

__all__ = [
    "INVALID_SUFFIX",
    "Credentials",
    "Decision",
    "Drive",
    "FileStore",
    "Registration",
    "Source",
    "SourceFile",
    "Store",
    "SubmissionApi",
    "file_store",
    "find_known_versions",
    "find_submissions",
    "mark_duplicate_of_same_facts",
    "record_content",
    "record_placement",
    "register_file",
    "select_stable",
    "set_status",
    "store_converted",
]
