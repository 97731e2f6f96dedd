"""Legacy Word files (doc): LibreOffice, where it is installed, makes a docx of them, which is read and kept.

LibreOffice runs in a profile of its own in which macros, linked content and updates of links are off, without the
environment of this process, within a time and a memory; what it leaves behind is thrown away.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from etl.errors import UnreadableFile
from etl.parsing.formats.child_process import ChildFailed, run
from etl.parsing.formats.container import MAX_FILE_BYTES, Container, damaged, too_large
from etl.parsing.formats.docx import read_docx
from etl.parsing.formats.grid import Document

SECONDS = 60
MEGABYTES = 4_096
_PROGRAMS = ("soffice", "libreoffice")
# Settings by path and name: nothing is run, nothing is fetched, nothing is asked.
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def _profile(folder: Path) -> None:
    """Writes LibreOffice's settings into a new profile."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _converted(program: str, content: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="cchc-doc-") as name:
        folder = Path(name)
        _profile(folder / "profile")
        source, target = folder / "report.doc", folder / "report.docx"
        source.write_bytes(content)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nologo"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(source)),
        ]
        environment = {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
        run(command, seconds=SECONDS, megabytes=MEGABYTES, environment=environment)
        if not target.is_file():
            raise damaged("LibreOffice cannot open the document")
        if target.stat().st_size > MAX_FILE_BYTES:
            raise too_large(f"The document converts to {target.stat().st_size // 2**20} MB")
        return target.read_bytes()


def read_doc(content: bytes) -> Document:
    """The paragraphs and tables of a legacy Word file, and the docx that was made of it.

    Raises UnreadableFile (rule file_needs_converter) where LibreOffice is not installed.
    """
    program = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    if program is None or sys.platform == "win32":
        raise UnreadableFile(
            "file_needs_converter",
            "The file is a legacy .doc, and LibreOffice, which would convert it, is not installed",
            "Save the report as .docx and send it again",
        )
    try:
        converted = _converted(program, content)
    except ChildFailed as error:
        raise damaged("LibreOffice cannot convert the document") from error
    document = read_docx(Container(converted))
    document.converted = converted
    return document
