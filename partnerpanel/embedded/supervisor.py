"""`make demo`: servers, demo data, web, workers and beat as children of one process that stops them all."""

import fcntl
import os
import shutil
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from partnerpanel.embedded.connection import FILE, named
from partnerpanel.embedded.ports import LOOPBACK, answers, free_port
from partnerpanel.embedded.prepare import SIGN_INS
from partnerpanel.embedded.processes import Child, Children, StartFailed, stop_leftovers
from partnerpanel.embedded.servers import publish, start_servers
from partnerpanel.embedded.smtp import start_catcher
from partnerpanel.embedded.state import ROOT, State

# What a two-core machine runs well: what somebody waits for apart from what takes long.
WORKERS = {"worker-fast": ("money", "webhooks", "mail"), "worker-slow": ("bulk", "default")}


class Stopped(BaseException):
    """Somebody asked the demo to end."""


def run_demo(port: int) -> int:
    """Run until asked to stop or until a child dies; the exit code says which."""
    state = State.named("demo")
    children = Children(state)
    began = time.monotonic()
    try:
        with only_one(state), stoppable():
            for name in stop_leftovers(state):
                say(f"stopped {name}, which an earlier run left behind")
            state.write("web.json", port)
            start_all(children, port)
            say(announcement(state, port, time.monotonic() - began))
            wait_for_trouble(children)
    except Stopped:
        say("\nstopping ...")
        return 0
    except StartFailed as failure:
        say(f"\n{failure}\nThe logs are in {state.logs}")
        return 1
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
        children.stop(first=sum(child.name in SERVERS for child in children.running))
        children.stop()
    return 1


SERVERS = ("postgres", "valkey", "smtp", "stripe")


def start_all(children: Children, port: int) -> None:
    if answers(port):
        raise StartFailed(f"port {port} is taken by another program; choose one: make demo PORT={port + 1}")
    state, mail_port = children.state, free_port()
    say("starting the servers ...")
    servers = start_servers(children, named())
    catcher = start_catcher(children, port=mail_port, inbox=state.inbox)
    stripe_port = free_port()
    double = start_python(
        children,
        "stripe",
        ["-m", "partnerpanel.embedded.stripe", str(stripe_port), str(state.path / "stripe-double.json")],
        {**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    children.wait_until(lambda: answers(stripe_port), double, seconds=15)
    publish(state, servers, smtp_port=str(mail_port), stripe_url=f"http://{LOOPBACK}:{stripe_port}")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "partnerpanel.settings.demo", "PYTHONUNBUFFERED": "1"}
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(fresh_folder(state.path / "metrics"))
    say("preparing the demo's data ...")
    run_once(children, "prepare", ["-m", "partnerpanel.embedded.prepare"], environment)
    say("starting web, workers and beat ...")
    web = start_web(children, port, environment)
    start_background(children, environment)
    children.wait_until(lambda: answers(mail_port), catcher, seconds=15)
    children.wait_until(lambda: serves(port), web, seconds=45)


def start_background(children: Children, environment: dict[str, str]) -> None:
    """Workers and beat, up and connected when this returns."""
    workers = []
    for name, queues in WORKERS.items():
        work = ["worker", "--queues", ",".join(queues), "--hostname", f"{name}@%h", "--concurrency", "1"]
        quiet = ["--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        workers.append(
            start_python(children, name, ["-m", "celery", "--app", "partnerpanel", *work, *quiet], environment)
        )
    schedule = ["--schedule", str(children.state.path / "beat-schedule"), "--pidfile", "", "--loglevel", "INFO"]
    start_python(children, "beat", ["-m", "celery", "--app", "partnerpanel", "beat", *schedule], environment)
    for worker in workers:
        children.wait_until(partial(worker.said, " ready."), worker, seconds=45)


def start_web(children: Children, port: int, environment: dict[str, str]) -> Child:
    config = ["--config", "python:partnerpanel.operations.gunicorn"]
    bound = ["--bind", f"{LOOPBACK}:{port}", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
    patience = ["--timeout", "60", "--graceful-timeout", "3"]
    return start_python(
        children, "web", ["-m", "gunicorn", "partnerpanel.wsgi", *config, *bound, *patience], environment
    )


def start_python(children: Children, name: str, arguments: list[str], environment: dict[str, str]) -> Child:
    return children.start(name, [sys.executable, *arguments], environment=environment)


def run_once(children: Children, name: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Run a step to its end. Raises StartFailed with what it said when it fails."""
    step = start_python(children, name, arguments, environment)
    if step.process.wait():
        raise StartFailed(f"{name} failed\n{step.last_words(40)}")
    children.running.remove(step)


def serves(port: int) -> bool:
    """Whether the application says that it is ready: also without a broker, never without its database."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/readyz", timeout=20):
            return True
    except OSError:  # an answer of 503 is one too
        return False


def fresh_folder(path: Path) -> Path:
    """Empty, whatever an earlier run counted there."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def announcement(state: State, port: int, seconds: float) -> str:
    address = f"http://localhost:{port}"
    return (
        f"\nPartnerPanel is ready at {address}/ ({seconds:.0f} s)\n"
        f"  the mail it sends: {address}/inbox/\n"
        f"  logs: {os.path.relpath(state.logs, ROOT)}    stop with Ctrl-C\n\n"
        f"{(state.path / SIGN_INS).read_text()}"
    )


def wait_for_trouble(children: Children) -> None:
    """Return never; raise StartFailed when a child ends by itself."""
    while (gone := children.ended()) is None:
        time.sleep(0.3)
    raise StartFailed(f"{gone.name} ended with code {gone.process.returncode}\n{gone.last_words()}")


@contextmanager
def only_one(state: State) -> Iterator[None]:
    """Refuse a second demo of the same checkout."""
    with open(state.path / "demo.lock", "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartFailed(f"the demo is running already, at http://localhost:{state.read('web.json')}/") from None
        try:
            yield
        finally:
            state.forget(FILE)


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the signals that end a program into one exception."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for ask in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ask, stop)
    yield


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
