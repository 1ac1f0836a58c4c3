"""`make run`: servers, migrations, static files, translations, then web, worker and beat under one supervisor, and the demo beside them."""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psycopg

from backend.stack import static, translations
from backend.stack.demo import Demo
from backend.stack.leash import PR_SET_PDEATHSIG
from backend.stack.lock import Lock
from backend.stack.processes import StackError, clear, start, tail, wait_until
from backend.stack.services import Services, end_leftovers, kept_secrets, write_marks
from backend.stack.supervisor import Program, Supervised, stop_all, supervise

ROOT = Path(__file__).resolve().parents[2]
PORTS = (8000, *range(8001, 8021), 0)
SECRETS = ("SECRET_KEY", "DOCUMENTS_KEY", "KEYS_PASSPHRASE")
MANAGE = (sys.executable, str(ROOT / "manage.py"))


@dataclass
class Run:
    """The whole platform on this machine, over one folder."""

    folder: Path
    given: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __post_init__(self) -> None:
        self.services = Services.over(self.folder, self.given)
        self.programs: list[Program] = []
        self.demo = Demo(self.program("demo", [*MANAGE, "demo"]), self.folder / "demo-unfinished")
        self.listener = listen()
        self.address = f"http://localhost:{self.listener.getsockname()[1]}"

    def environment(self) -> dict[str, str]:
        """What the platform is told: our servers and secrets, then whatever the operator set, which wins."""
        made = kept_secrets(self.folder / "secrets.json", {name: secrets.token_urlsafe(36) for name in SECRETS})
        ours = {"ENVIRONMENT": "development", "DEMO": "true", "VAR_DIR": str(self.folder), "BASE_URL": self.address, **made}
        return {**ours, **self.services.environment(), **self.given}

    def begin(self) -> None:
        """Bring up everything, in order."""
        translations.compile_all()
        self.services.start()
        environment = self.environment()
        self.services.ensure_bucket(environment.get("S3_BUCKET", "commun-accord"))
        self.manage("migrate", "--database=migrator", "--verbosity=0")
        if static.outdated(self.folder):
            self.manage("collectstatic", "--noinput", "--verbosity=0")
            static.remember(self.folder)
        if self.has_demo and (self.demo.unfinished or self.is_empty()):
            self.demo.begin()
            self.manage("demo", "--people")
        self.start_programs()

    @property
    def has_demo(self) -> bool:
        return self.environment()["DEMO"].lower() in ("true", "1", "yes", "on")

    def manage(self, *arguments: str) -> None:
        """Run one of Django's commands to its end. Raises StackError with what it said when it fails."""
        log = self.folder / "logs" / f"{arguments[0]}.log"
        log.unlink(missing_ok=True)
        process = start([*MANAGE, *arguments], log=log, env=self.environment(), folder=ROOT)
        try:
            process.wait()
        finally:
            clear(process)
        if process.returncode != 0:
            raise StackError(f"manage.py {arguments[0]} failed:\n{tail(log, 30)}")

    def is_empty(self) -> bool:
        """Whether nobody has an account yet."""
        with psycopg.connect(self.environment()["DATABASE_URL"]) as database:
            return database.execute("SELECT EXISTS (SELECT FROM people_user)").fetchone() != (True,)

    def start_programs(self) -> None:
        """Web processes share one listening socket, so that any of them answers anybody."""
        python, port = sys.executable, self.listener.fileno()
        celery = [python, "-m", "celery", "-A", "backend.config"]
        web = [python, "-m", "backend.stack.web", "--fd", str(port)]
        count = int(self.given.get("WEB_PROCESSES", min(4, os.cpu_count() or 1)))
        tasks = self.given.get("WORKER_PROCESSES", str(min(4, os.cpu_count() or 1)))
        self.programs = [self.program(f"web {number}", web, keep=[port]) for number in range(1, count + 1)]
        self.programs.append(
            self.program("worker", [*celery, "worker", "--loglevel=WARNING", f"--concurrency={tasks}"], leash=signal.SIGKILL)
        )
        self.programs.append(self.program("beat", [*celery, "beat", "--loglevel=WARNING", "--pidfile="]))
        for program in self.programs:
            program.start()
        self.write_down()
        first = self.programs[0]
        wait_until(self.answers, first.process, first.log, name="The web server", seconds=60)

    def answers(self) -> bool:
        """Whether a web process serves pages."""
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5):  # noqa: S310 - our own address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def program(self, name: str, command: Sequence[str], *, keep: Sequence[int] = (), leash: signal.Signals = signal.SIGTERM) -> Program:
        log = self.folder / "logs" / f"{name.replace(' ', '-')}.log"
        return Program(name, command, self.environment, log, keep, leash)

    def watch(self) -> None:
        """Keep all of it running, until a signal comes; play meanwhile what is missing of the demo."""
        self.known = self.services.environment()
        if self.has_demo and self.demo.unfinished:
            self.demo.start()
            self.write_down()
        supervise([*self.services.all, *self.programs], self.restarted, say, lambda: self.demo.look(say))

    def restarted(self, program: Supervised) -> None:
        """After a restart: write it down, and let all learn a server's new address where its port was taken meanwhile."""
        if self.services.environment() != self.known:
            self.known = self.services.environment()
            stop_all(self.programs)
            for other in self.programs:
                other.start()
        self.write_down()

    def write_down(self) -> None:
        self.services.write_down()
        everything: list[Supervised] = [self.demo.program, *self.programs, *self.services.all]
        write_marks(self.folder, {each.name: each.process.pid for each in everything if each.process})

    def end(self) -> None:
        """End all we started: those that use the servers first."""
        stop_all([self.demo.program, *self.programs])
        self.services.stop()
        self.listener.close()


def run(folder: Path) -> int:
    """Run until Ctrl-C, `make stop`, or the end of the parent. A second run only says where the first one is."""
    lock = Lock(folder)
    if not lock.take():
        return tell(lock)
    end_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    end_leftovers(folder)
    house = Run(folder)
    try:
        house.begin()
        lock.sign(house.address)
        welcome(house)
        house.watch()
    except StackError as failure:
        say(str(failure))
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        house.end()
        lock.release()
    return 0


def tell(lock: Lock) -> int:
    """Say what is running in a folder, and where."""
    note = lock.holder()
    if note and note.address:
        say(f"Commun Accord is already running: {note.address}\n`make stop` ends it.")
    else:
        say("Commun Accord is starting already; its address comes on the screen where it was started.")
    return 0


def welcome(house: Run) -> None:
    """Print the address and the accounts to try."""
    say(f"\nCommun Accord is running: {house.address}\n")
    if house.has_demo:
        say(subprocess.run([*MANAGE, "demo", "--accounts"], env=house.environment(), capture_output=True, text=True, check=False).stdout)
    if house.has_demo and house.demo.unfinished:
        say("The cases of the demo are played now, one by one, once: each is there as soon as it is whole.")
    say(f"What the processes say is in {house.folder / 'logs'}. Ctrl-C ends everything.")


def listen() -> socket.socket:
    """The first free port from 8000 on."""
    for port in PORTS:
        try:
            return socket.create_server(("127.0.0.1", port), backlog=2048)
        except OSError:
            continue
    raise StackError("no free port on 127.0.0.1")


def end_with_parent() -> None:
    """Receive SIGTERM when the one who started us ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)


def leave(number: int, frame: FrameType | None) -> None:
    """A signal came: unwind, ending all on the way."""
    raise SystemExit(0)


def say(words: str) -> None:
    print(words, flush=True)
