"""Real servers on 127.0.0.1 that serve one folder: Samba, OpenSSH and an S3 store. Each is a context manager."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import smbclient

from tests.needs import program

PASSWORD = "mật khẩu thử 1"  # servers that run for one test only


@dataclass(frozen=True)
class Served:
    """A drive on a server; `put` writes to it without the warehouse knowing."""

    url: str
    options: Mapping[str, Any]
    folder: Path | None = None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}: {process.args}")
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port}")


@contextmanager
def _running(command: list[str], port: int, **more: Any) -> Iterator[None]:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **more
    )
    try:
        _await_port(port, process)
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()


@contextmanager
def samba(work: Path, *, is_writable: bool = False) -> Iterator[Served]:
    """A share named reports, for the login alone."""
    port, folder, state = free_port(), work / "share", work / "samba"
    folder.mkdir()
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        (state / name).mkdir(parents=True)
    (state / "log").mkdir()
    configuration = state / "smb.conf"
    configuration.write_text(
        f"""[global]
        interfaces = 127.0.0.1
        bind interfaces only = yes
        smb ports = {port}
        server role = standalone server
        disable netbios = yes
        private dir = {state}/private
        lock directory = {state}/lock
        state directory = {state}/state
        cache directory = {state}/cache
        pid directory = {state}/pid
        ncalrpc dir = {state}/ncalrpc
        log file = {state}/log/log.%m
        passdb backend = tdbsam:{state}/private/passdb.tdb
        load printers = no
        [reports]
        path = {folder}
        read only = {"no" if is_writable else "yes"}
        """
    )
    user = getpass.getuser()
    subprocess.run(
        ["smbpasswd", "-c", str(configuration), "-a", "-s", user],
        input=f"{PASSWORD}\n{PASSWORD}\n".encode(),
        check=True,
        capture_output=True,
    )
    command = [program("smbd"), "--foreground", "--no-process-group", f"--configfile={configuration}"]
    with _running(command, port):
        yield Served(f"smb://127.0.0.1:{port}/reports", {"username": user, "password": PASSWORD}, folder)
        smbclient.reset_connection_cache()  # or it says its farewells at exit, to closed streams


@contextmanager
def openssh(work: Path, *, is_writable: bool = False) -> Iterator[Served]:
    """An SFTP server that lets the login in by a key of its own."""
    port, folder, state = free_port(), work / "share", work / "ssh"
    folder.mkdir()
    state.mkdir(mode=0o700)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd as root insists on it
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(state / name)], check=True)
    shutil.copy(state / "client.pub", state / "authorized")
    (state / "sshd_config").write_text(
        f"""ListenAddress 127.0.0.1
        Port {port}
        HostKey {state}/host
        AuthorizedKeysFile {state}/authorized
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        PermitRootLogin prohibit-password
        PidFile {state}/pid
        Subsystem sftp internal-sftp{"" if is_writable else " -R"}
        """
    )
    with _running([program("sshd"), "-D", "-e", "-f", str(state / "sshd_config")], port):
        options = {"username": getpass.getuser(), "key_filename": str(state / "client"), "port": port}
        yield Served(f"sftp://127.0.0.1:{port}{folder}", options, folder)


@contextmanager
def s3(work: Path, *, is_writable: bool = False) -> Iterator[Served]:
    """An S3 store with one bucket named reports; its test server has no permissions, so everybody may write."""
    import s3fs

    port = free_port()
    environment = {**os.environ, "MOTO_PORT": str(port)}
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _running(command, port, env=environment, cwd=work):
        options = {"key": "test", "secret": "test", "client_kwargs": {"endpoint_url": f"http://127.0.0.1:{port}"}}
        system = s3fs.S3FileSystem(**options, skip_instance_cache=True)
        system.mkdir("reports")
        yield Served("s3://reports", options)
