"""The real quittanced: its command line, and a server on a free loopback port."""

import http.client
import json
import os
import pathlib
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["QUITTANCED"]
CLOCK = "2026-03-16T09:00:00Z"
TIMEOUT_SECONDS = 120


def run(*arguments, database=None, clock=None, stdin=None, cwd=None):
    """A command's exit code, standard output and standard error."""
    line = [PROGRAM]
    if database:
        line += ["--database", database]
    if clock:
        line += ["--sandbox-clock", clock]
    done = subprocess.run(
        line + list(arguments), capture_output=True, text=True, input=stdin, cwd=cwd, timeout=TIMEOUT_SECONDS
    )
    return done.returncode, done.stdout, done.stderr


def run_json(*arguments, **options):
    """What a command that must succeed prints as JSON."""
    code, out, err = run(*arguments, "--json", **options)
    assert code == 0, f"{arguments}: exit {code}: {err}"
    return json.loads(out)


def create_demo(folder, name="demo.db", seed=5, accounts=3, months=3):
    database = f"sqlite:{folder}/{name}"
    report = run_json(
        "demo", "create", "--seed", str(seed), "--accounts", str(accounts), "--months", str(months),
        database=database, clock=CLOCK,
    )
    return database, report


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


def request(port, method, path, token=None, body=None, headers=None):
    """One request on a connection of its own; a body that is not bytes is sent as JSON."""
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = f"Bearer {token}"
    if body is not None:
        sent.setdefault("Content-Type", "application/json")
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


class Server:
    """quittanced serving a database until stop()."""

    def __init__(self, database, clock=CLOCK):
        self.process = subprocess.Popen(
            [PROGRAM, "--database", database, "--sandbox-clock", clock, "serve", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        line = self.process.stdout.readline()
        if not line.startswith("listening on 127.0.0.1:"):
            self.process.kill()
            raise RuntimeError(f"quittanced did not start: {line}{self.process.stderr.read()}")
        self.port = int(line.rsplit(":", 1)[1])

    def stop(self):
        """Asks it to stop as an init system does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.communicate(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode
