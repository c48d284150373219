"""A process that forks warm copies of the program and stops them: at a step, after a time, by a fault of the disk.

It reads one order a line on standard input and answers each with a line. An order runs a verb:

    words   the words after ``zenobia``; or {"hold": CASE, "seconds": S} keeps a record's lock
    stop    kill -9 at the n-th step that changes the disk, in the middle of it where it has one
    full    from the n-th such step on the disk is full
    deny    the n-th such step is refused, as for a file that another program has open
    after   kill -9 after so many seconds
    limit   no file may grow beyond so many bytes; the kernel sees to that, for every library alike
    user    as a user who must keep to what the folders allow, even where the tests run as root
    start   answer at once with a number, to be waited for by {"wait": number}

This file is run by itself (`python tests/recovery/stopping.py`) and not imported by tests.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True

_CREATES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink"}
_TAKES_ROOM = {"open", "os.mkdir", "os.write", "os.fsync", "write_table"}


class Steps:
    """Counts the steps that change the disk, and does what is ordered at one of them."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.count = 0
        self._stop, self._full, self._deny = (order.get(name, 0) for name in ("stop", "full", "deny"))
        self._write = os.write

    def watch(self) -> None:
        """Begin to count. The hook cannot be taken away again: only for a process that ends soon."""
        import pyarrow.parquet as pq

        sys.addaudithook(self._hook)
        fsync, write_table = os.fsync, pq.write_table
        os.fsync = lambda *args: (self.step("os.fsync"), fsync(*args))[1]  # type: ignore[assignment]
        pq.write_table = lambda *args, **more: (self.step("write_table"), write_table(*args, **more))[1]
        os.write = self._half_written  # type: ignore[assignment]

    def step(self, what: str) -> None:
        """One step is about to be taken."""
        self.count += 1
        if self.count == self._stop:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._full and self.count >= self._full and what in _TAKES_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.count == self._deny:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), what)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and isinstance(args[2], int) and args[2] & _CREATES):
            self.step(event)

    def _half_written(self, descriptor: int, block: Any) -> int:
        if descriptor > 2 and self.count + 1 in (self._stop, self._full):
            self._write(descriptor, bytes(block)[: len(block) // 2])
        self.step("os.write")
        return self._write(descriptor, block)


def run(order: dict[str, Any], answer: int) -> None:
    """In the forked copy: do what is ordered and say how it went."""
    if "hold" in order:
        told = hold(Path(order["hold"]), order["seconds"], answer)
    else:
        told = call(order)
    os.write(answer, json.dumps(told).encode())


def call(order: dict[str, Any]) -> dict[str, Any]:
    """Run a verb, watched; returns its exit status, what it printed, and how many steps it took."""
    from click.testing import CliRunner

    from zenobia.cli import main

    if order.get("user"):
        give_up_rights()
    if "limit" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))
    write = os.write
    steps = Steps(order)
    steps.watch()
    result = CliRunner().invoke(main, order["words"])
    os.write = write
    odd = result.exception and not isinstance(result.exception, SystemExit)
    return {
        "status": result.exit_code,
        "out": result.stdout,
        "err": result.stderr + (f"Traceback: {result.exception!r}" if odd else ""),
        "steps": steps.count,
    }


def hold(case: Path, seconds: float, answer: int) -> dict[str, Any]:
    """Keep the lock of a record for a while."""
    from zenobia.record import CACHE, writing

    with writing(case / CACHE):
        (case / "held").touch()
        time.sleep(seconds)
    return {"status": 0}


def give_up_rights() -> None:
    """Give up what lets root pass over the rights of files (Linux)."""
    if os.geteuid() == 0:
        header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        if ctypes.CDLL(None).capset(header, nothing):
            raise OSError("capset was refused")


def start(order: dict[str, Any]) -> tuple[int, int]:
    """Fork a copy that does what is ordered; returns its process id and where it will answer."""
    heard, answer = os.pipe()
    child = os.fork()
    if child:
        os.close(answer)
        return child, heard
    try:
        os.close(heard)
        run(order, answer)
    finally:
        os._exit(0)


def wait(child: int, heard: int) -> dict[str, Any]:
    """How it went with a copy."""
    told = b""
    while part := os.read(heard, 65536):
        told += part
    os.close(heard)
    _, status = os.waitpid(child, 0)
    return {"killed": os.WIFSIGNALED(status), **(json.loads(told) if told else {})}


def main() -> None:
    """Take orders until there are no more."""
    import zenobia.cli
    import zenobia.pipeline  # noqa: F401 - what makes the copies warm

    gc.collect()
    gc.freeze()  # what is there already is not gone through again in each copy

    running: dict[int, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            told = wait(order["wait"], running.pop(order["wait"]))
        else:
            child, heard = start(order)
            if order.get("start"):
                running[child] = heard
                told = {"number": child}
            else:
                if "after" in order:
                    time.sleep(order["after"])
                    os.kill(child, signal.SIGKILL)
                told = wait(child, heard)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
