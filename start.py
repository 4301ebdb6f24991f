"""Installs what is missing and starts the demo shop, runs every check and test, or makes the program to hand on.

    python3 start.py demo       (Windows: py start.py demo)
    python3 start.py test       (Windows: py start.py test)
    python3 start.py build      (Windows: py start.py build)

Needs Python 3.11 or newer and nothing else: everything goes into the folder `.venv` beside this file, at the
versions and with the checksums that `.ci/lock-run.txt` and `.ci/lock-dev.txt` name. Where the packages come
from is pip's own configuration. Exit: 0 done, 1 a check failed, 2 unknown command, 3 something is missing
here that this script may not install itself.
"""
# No `from __future__ import annotations` and no shebang, both on purpose: an older Python has to be able to
# read this file as far as the sentence below, and the Windows launcher would follow a shebang to a `python3`
# that is only a door to the Microsoft Store.

import shutil
import subprocess
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a person may start it with an older Python
    for newer in ("python3.14", "python3.13", "python3.12", "python3.11"):
        path = shutil.which(newer)
        if path and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            sys.exit(subprocess.call([path, *sys.argv]))
    print(
        "Hatkhata needs Python 3.11 or newer, and this is Python {}.{}. Install a newer Python "
        "(python.org has it) and run the same command with it.".format(*sys.version_info)
    )
    sys.exit(3)

import ctypes
import hashlib
import importlib.util
import json
import os
import re
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STATE = VENV / "start.json"
SCRIPTS = VENV / ("Scripts" if sys.platform == "win32" else "bin")
SUFFIX = ".exe" if sys.platform == "win32" else ""
PYTHON = SCRIPTS / f"python{SUFFIX}"
FROZEN = ROOT / "dist" / "hatkhata"
LOCKS = {"run": ROOT / ".ci" / "lock-run.txt", "dev": ROOT / ".ci" / "lock-dev.txt"}

CHECKS = (
    ("format", ["ruff", "format", "--check", "."]),
    ("lint", ["ruff", "check", "."]),
    ("types", ["mypy"]),
    ("floors", ["lint-imports"]),
)

# What is needed of the system: a shared library or a program, and the Debian package that brings it. Windows'
# wheels have it all. With Qt's own libraries a window can be drawn off-screen, with the others it is shown.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOW_LIBRARIES = QT_LIBRARIES | {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
# The frozen program takes along what it needs of the system, Python's own library included.
_PYTHON = f"libpython{sys.version_info.major}.{sys.version_info.minor}"
BUILD_LIBRARIES = WINDOW_LIBRARIES | {f"{_PYTHON}.so.1.0": _PYTHON}
BUILD_PROGRAMS = {"objcopy": "binutils"}
TEST_PROGRAMS = BUILD_PROGRAMS | {
    "pdftotext": "poppler-utils",
    "strace": "strace",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
}


class Stop(Exception):  # noqa: N818 - it ends the script, which is not always an error
    """Ends the script with a sentence for the person and an exit code."""

    def __init__(self, sentence: str, code: int = 3) -> None:
        super().__init__(sentence)
        self.code = code


def say(text: str) -> None:
    print(text, flush=True)


# The system's own packages


def missing_packages(
    libraries: dict[str, str], programs: dict[str, str], *, new_environment: bool
) -> list[str]:
    """Debian packages that bring what this machine lacks of these; none on Windows, where the wheels have it all."""
    packages = []
    if new_environment and importlib.util.find_spec("ensurepip") is None:
        packages.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if sys.platform == "linux":
        packages += [package for library, package in libraries.items() if not loads(library)]
        packages += [package for program, package in programs.items() if shutil.which(program) is None]
    return packages


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_packages(packages: list[str]) -> None:
    """Installs Debian packages where this account may, else says whom to ask for what."""
    names = " ".join(packages)
    ask = f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}"
    if shutil.which("apt-get") is None:
        raise Stop(
            f"This computer lacks some system packages. On Debian and Ubuntu they are called:\n  {names}\n"
            "Install them the way this system does it, then run the same command again."
        )
    as_root = root_prefix()
    if as_root is None:
        raise Stop(
            f"This computer lacks some system packages: {names}\n"
            "This account may not install them. Ask whoever looks after this computer to run\n"
            f"  {ask}\n"
            "Then run the same command again. "
            "(প্যাকেজগুলো বসাতে অনুমতি লাগবে; উপরের কমান্ডটি চালিয়ে আবার চেষ্টা করুন।)"
        )
    say(f"Installing system packages: {names}")
    # The timeout waits for the system's own updater, which holds apt's lock for a while after a start.
    apt = [
        *as_root,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    # One unreachable extra source makes "update" fail though the packages can be had: "install" decides.
    updated = quietly([*apt, "update"])
    installed = quietly([*apt, "install", "-y", "--no-install-recommends", *packages])
    if installed.returncode != 0:
        said = tail(updated.stdout if updated.returncode else "") + tail(installed.stdout)
        raise Stop(f"{said}\nThe system packages could not be installed. By hand it is\n  {ask}")


def root_prefix() -> list[str] | None:
    """What to put before a command to run it as root: nothing, sudo without a password, or None."""
    if sys.platform != "win32":
        if os.geteuid() == 0:
            return []
        if shutil.which("sudo") and quietly(["sudo", "-n", "true"]).returncode == 0:
            return ["sudo", "-n"]
    return None


# The environment


def ready(kind: str) -> bool:
    """True when the environment holds what this checkout asks for today, so that nothing needs installing."""
    state = read_state()
    return (
        usable(state)
        and state.get("project") == project_fingerprint()
        # The locks agree on every version, and the one for development holds the other whole.
        and any(state.get(lock) == fingerprint(LOCKS[lock]) for lock in {kind, "dev"})
    )


def usable(state: dict[str, str]) -> bool:
    """False for an interrupted install, a moved checkout, or a Python that was upgraded underneath."""
    return (
        state.get("state") == "ready"
        and state.get("checkout") == str(ROOT)
        and state.get("python") == venv_python_version()
    )


def read_state() -> dict[str, str]:
    try:
        state = json.loads(STATE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(state: dict[str, str]) -> None:
    beside = STATE.with_suffix(".new")
    beside.write_text(json.dumps(state, indent=1), encoding="utf-8")
    beside.replace(STATE)


def venv_python_version() -> str:
    """The version that the environment's Python says it has, such as "3.11"; empty if it does not start."""
    asked = [str(PYTHON), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def project_fingerprint() -> str:
    """Changes when the project itself has to be installed again: its version, its commands, its build."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    told = [table["build-system"], table["project"], table["tool"]["hatch"]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def install(kind: str) -> None:
    """Brings `.venv` to the lock of this kind ("run" or "dev"); begins anew if an install was cut short."""
    state = read_state()
    if VENV.is_dir() and state and not usable(state):
        say("The environment is incomplete or was moved: making it anew.")
        shutil.rmtree(VENV)
        state = {}
    fresh = not PYTHON.exists()
    if fresh:
        say("Making ready. The first time takes a minute or two. (প্রথমবার একটু সময় লাগবে।)")
    else:
        say("Bringing the environment up to date. (হালনাগাদ হচ্ছে।)")
    VENV.mkdir(exist_ok=True)
    write_state({**state, "state": "installing"})
    if fresh:
        step("  environment", [sys.executable, "-m", "venv", str(VENV)])
    if quietly([str(PYTHON), "-m", "pip", "--version"]).returncode != 0:
        step("  installer", [str(PYTHON), "-m", "ensurepip"])

    pip = [str(PYTHON), "-m", "pip", "install"]
    lock = LOCKS[kind]
    pins = len(re.findall(r"^\S+==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    try:
        step("  packages", [*pip, "--require-hashes", "-r", str(lock)], pins)
        step("  hatkhata", [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    except Stop:
        # pip undoes what it could not finish: an environment that worked before works as before.
        if not fresh:
            write_state(state)
        raise
    write_state(
        {
            **{other: value for other, value in state.items() if other in LOCKS},
            "state": "ready",
            "checkout": str(ROOT),
            "python": venv_python_version(),
            "project": project_fingerprint(),
            kind: fingerprint(lock),
        }
    )


def step(name: str, command: list[str], packages: int = 0) -> None:
    """Runs one step of the install; its own noise is shown only if it fails."""
    began = time.monotonic()
    alive = sys.stdout.isatty()
    lines: list[str] = []
    collected = 0
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=install_environment(),
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            collected += line.startswith("Collecting ")
            if alive and packages:
                print(f"\r{name}: {min(collected, packages)} of {packages}", end="", flush=True)
    if process.returncode != 0:
        raise Stop(f"\n{tail(''.join(lines))}\n{advice(''.join(lines))}")
    back = "\r" if alive else ""
    say(f"{back}{name}: done in {time.monotonic() - began:.0f} s")


def install_environment() -> dict[str, str]:
    """The person's own environment, without the settings that would make pip install somewhere else."""
    left_out = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {
        **kept,
        "PIP_USER": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_WARN_SCRIPT_LOCATION": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
    }


def advice(said: str) -> str:
    """One sentence on what to do about a failed step, from what the step said."""
    if "No space left" in said or "WinError 112" in said:
        return "The disk is full. Make room, then run the same command again."
    if "WinError 32" in said or "WinError 5]" in said:
        return "A file is in use. Close Hatkhata, then run the same command again."
    if sys.platform == "win32" and ("WinError 206" in said or "No such file" in said) and len(str(ROOT)) > 60:
        return (
            "This folder's path is too long for Windows. Move it to one such as C:\\hatkhata and try again."
        )
    if sys.version_info >= (3, 15):
        return (
            "The packages may not know this Python yet. Install Python 3.14 and run the same command with it."
        )
    if "DO NOT MATCH THE HASHES" in said:
        return "A package differs from the one that was checked, so it was not installed. Try again later."
    return (
        "That step did not succeed. If the internet is not connected, connect it; then run the same command "
        "again: it goes on safely. (ইন্টারনেট সংযোগ দেখে আবার চালান।)"
    )


@contextmanager
def only_one() -> Iterator[None]:
    """Lets one install at a time work on this checkout; the operating system lets go if it is killed."""
    with Path(__file__).open("rb") as handle:
        waited = False
        while not try_lock(handle.fileno()):
            if not waited:
                say("Another install is under way here: waiting for it.")
            waited = True
            time.sleep(1)
        yield


def try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind the end of the file, so that nobody is kept from reading it.
            os.lseek(descriptor, 1 << 30, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def prepare(kind: str, libraries: dict[str, str], programs: dict[str, str]) -> None:
    """Installs whatever is missing, of the system and of the environment; quick when nothing is.

    Args:
        kind: the lock, "run" or "dev".
        libraries: shared libraries of the system, each with the Debian package that brings it.
        programs: programs likewise.
    """
    if not ready(kind) and not os.access(ROOT, os.W_OK):
        raise Stop(
            f"This account may not write to {ROOT}. Copy the folder to your own home and start it there."
        )
    with only_one():
        current = ready(kind)
        new_environment = not current and (not PYTHON.exists() or not usable(read_state()))
        packages = missing_packages(libraries, programs, new_environment=new_environment)
        if packages:
            install_packages(packages)
            importlib.invalidate_caches()
        if not current:
            install(kind)


# The commands


def demo(rest: list[str]) -> int:
    """Starts the demo shop; more arguments go to `hatkhata`."""
    prepare("run", WINDOW_LIBRARIES if has_display() else {}, {})
    return subprocess.call([str(SCRIPTS / f"hatkhata{SUFFIX}"), "--demo", *rest])


def has_display() -> bool:
    """Whether a window would be seen; without one the demo works from the command line, and Qt is not needed."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check(named: tuple[str, list[str]]) -> "subprocess.CompletedProcess[str]":
    """Runs one of the checks."""
    _, (program, *arguments) = named
    return quietly([str(SCRIPTS / f"{program}{SUFFIX}"), *arguments])


def test(rest: list[str]) -> int:
    """Runs every check, then the tests; more arguments go to pytest."""
    prepare("dev", BUILD_LIBRARIES, TEST_PROGRAMS)
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(check, CHECKS))
    failed = [name for (name, _), result in zip(CHECKS, results, strict=True) if result.returncode]
    for (name, _), result in zip(CHECKS, results, strict=True):
        say(f"{name}: {'failed' if name in failed else 'passed'}")
        if name in failed:
            say(result.stdout)
    say(f"Checked in {time.monotonic() - began:.0f} s")
    if subprocess.call([str(PYTHON), "-m", "pytest", "-n", "auto", *rest], cwd=ROOT):
        failed.append("tests")
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def build(rest: list[str]) -> int:
    """Makes the program as a folder that needs no Python; more arguments go to PyInstaller."""
    prepare("dev", BUILD_LIBRARIES, BUILD_PROGRAMS)
    freeze(rest)
    say(f"{FROZEN}: {frozen_megabytes():.0f} MB")
    return 0


def frozen_megabytes() -> float:
    """What the program takes on the disk."""
    return sum(file.stat().st_size for file in FROZEN.rglob("*") if not file.is_symlink()) / 1e6


def freeze(rest: list[str]) -> None:
    """Makes `dist/hatkhata`, unless it was made already of the very files that lie here."""
    note = ROOT / "build" / "frozen" / "made-of"
    with only_one():
        made_of = parts_fingerprint()
        if not rest and FROZEN.is_dir() and note.is_file() and note.read_text(encoding="utf-8") == made_of:
            return
        note.unlink(missing_ok=True)
        places = ["--distpath", str(FROZEN.parent), "--workpath", str(note.parent)]
        recipe = str(ROOT / "build.spec")
        step("  program", [str(PYTHON), "-m", "PyInstaller", "--noconfirm", *places, *rest, recipe])
        note.write_text(made_of, encoding="utf-8")


def parts_fingerprint() -> str:
    """Changes with anything that goes into the frozen program."""
    files = [ROOT / "build.spec", ROOT / "pyproject.toml", LOCKS["dev"]]
    for folder in ("pos", "ui", "resources"):
        files += [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]
    told = [f"{sys.version} {sys.platform}"]
    told += [
        f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sorted(files)
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


COMMANDS: dict[str, Callable[[list[str]], int]] = {"demo": demo, "test": test, "build": build}


def quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=ROOT,
        check=False,
    )


def tail(text: str) -> str:
    """The last lines of what a command said, without pip's list of what went well."""
    dull = ("Requirement already satisfied", "Collecting ", "Looking in ", "  Using cached", "  Downloading")
    return "\n".join([line for line in text.splitlines() if line.strip() and not line.startswith(dull)][-20:])


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # A Windows console of another code page cannot show Bangla, and must not stop over it.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    if not arguments or arguments[0] not in COMMANDS:
        say(
            "python3 start.py demo    starts the demo shop\n"
            "python3 start.py test    runs every check and test\n"
            "python3 start.py build   makes the program as a folder that needs no Python"
        )
        return 2
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except Stop as stop:
        say(str(stop))
        return stop.code
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on.")
        return 130
    except OSError as error:
        say(f"This computer refused: {error}\nMend that, then run the same command again.")
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
