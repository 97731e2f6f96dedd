"""Legacy Word files (doc): LibreOffice, where it is installed, converts them to docx, which is read and kept.

LibreOffice runs as a child process with limits and a profile of its own, in which macros, linked content and network
access are off. The folder that it works in is deleted.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from etl.errors import UnreadableFile
from etl.parsing.formats import docx
from etl.parsing.formats.child_process import ChildProcessFailed, ProcessLimits, run
from etl.parsing.formats.container import MAX_FILE_BYTES, Container, damaged, too_large
from etl.parsing.formats.grid import Document

_PROGRAMS = ("soffice", "libreoffice")
_SETTINGS = {
    "Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "Office.Writer/Content/Update": {"Link": "0", "Field": "false"},
    "Inet/Settings": {  # a proxy that does not exist
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
    },
}


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, properties in _SETTINGS.items()
        for name, value in properties.items()
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _convert(program: str, content: bytes, limits: ProcessLimits) -> bytes:
    with tempfile.TemporaryDirectory(prefix="cchc-doc-") as name:
        folder = Path(name)
        _write_profile(folder / "profile")
        source, target = folder / "report.doc", folder / "report.docx"
        source.write_bytes(content)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nologo"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(source)),
        ]
        try:
            run(command, b"", limits, {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"})
        except ChildProcessFailed as error:
            raise damaged("LibreOffice cannot convert the document") from error
        if not target.is_file():
            raise damaged("LibreOffice cannot open the document")
        if target.stat().st_size > MAX_FILE_BYTES:
            raise too_large(f"The document converts to {target.stat().st_size // 2**20} MB")
        return target.read_bytes()


def read(content: bytes, limits: ProcessLimits) -> Document:
    """The paragraphs and tables of a legacy Word file, with the docx that it was converted to.

    Raises UnreadableFile (rule file_needs_converter) if LibreOffice is not installed.
    """
    program = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    if program is None or sys.platform == "win32":
        raise UnreadableFile(
            "file_needs_converter",
            "Legacy .doc files need LibreOffice, which is not installed",
            "Save the report as .docx and send it again",
        )
    converted = _convert(program, content, limits)
    document = docx.read(Container(converted))
    document.converted = converted
    return document
