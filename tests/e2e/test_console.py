"""The console's own backend, for --demo: it is there, of the brand asked for, and it never outlives the console."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import daemon

PROGRAM = os.environ["QUITTANCE"]
BRAND = daemon.ROOT / "resources" / "brand" / "northlake.json"


def command_of(process):
    """Its words; nothing once it has ended."""
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return []


def children_of(process):
    try:
        return pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []


def open_to_others(folder):
    """The files in it that somebody else on this computer could read or change."""
    found = []
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # what SQLite removes meanwhile
            if path.stat().st_mode & 0o077:
                found.append(path.name)
    return found


def wait_for(what, ask):
    deadline = time.monotonic() + daemon.TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen")


class Console(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        brand = json.loads(BRAND.read_text())
        self.brand = self.folder / "lakeside.json"
        self.brand.write_text(json.dumps({**brand, "name": "Lakeside"}))
        shutil.copy(BRAND.parent / brand["logo"], self.folder)

    def start(self, *arguments, stderr=None):
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(self.folder),
                       "XDG_CONFIG_HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder)}
        console = subprocess.Popen(
            [PROGRAM, "--demo", "--data", str(self.folder / "data"), *arguments], env=environment,
            stderr=stderr)
        self.addCleanup(lambda: (console.kill(), console.wait()))
        return console

    def backend_of(self, console, word):
        return wait_for(f"quittanced {word}", lambda: next(
            (child for child in children_of(console.pid) if word in command_of(child)), None))

    def serving(self, *arguments, folder="demo"):
        """A console whose backend serves; the organisation is an empty one, made beforehand."""
        data = self.folder / "data" / folder
        data.mkdir(parents=True)
        code, _, err = daemon.run(*arguments, "migrate", database=f"sqlite:{data}/backend.db")
        self.assertEqual(code, 0, err)
        (data / "demo.json").write_text(json.dumps({"email": "ada@example.com", "password": "none"}))
        console = self.start(*arguments)
        return console, self.backend_of(console, "serve")

    def test_the_backend_ends_with_the_console_however_that_ends(self):
        for number, ending in enumerate((signal.SIGTERM, signal.SIGKILL)):
            with self.subTest(ending=ending):
                self.folder = self.folder / str(number)
                console, backend = self.serving()
                console.send_signal(ending)
                console.wait(daemon.TIMEOUT_SECONDS)
                wait_for("the end of the backend", lambda: not command_of(backend))

    def test_a_demo_half_made_is_given_up_with_the_console(self):
        console = self.start()
        maker = self.backend_of(console, "create")
        console.kill()
        console.wait(daemon.TIMEOUT_SECONDS)
        wait_for("the end of the maker", lambda: not command_of(maker))

    def demo_made_before(self, content):
        """A demo whose database holds these bytes."""
        data = self.folder / "data" / "demo"
        data.mkdir(parents=True)
        (data / "backend.db").write_bytes(content)
        (data / "demo.json").write_text(json.dumps({"email": "ada@example.com", "password": "none"}))
        return data

    def test_a_demo_of_an_older_program_is_brought_up_to_date(self):
        data = self.demo_made_before(b"")  # as old as can be: no schema at all
        self.backend_of(self.start(), "serve")
        self.assertEqual(daemon.run("account", "list", database=f"sqlite:{data}/backend.db")[0], 0)

    def test_what_a_demo_keeps_is_for_its_owner_only(self):
        self.start()
        data = self.folder / "data" / "demo"
        wait_for("both databases", lambda: (data / "backend.db").exists() and (data / "console.db").exists())
        self.assertEqual(data.stat().st_mode & 0o077, 0)
        self.assertEqual(open_to_others(data), [])

    def test_what_an_older_demo_left_for_everybody_is_closed(self):
        data = self.demo_made_before(b"")
        for name in ("backend.db", "demo.json"):
            (data / name).chmod(0o644)
        self.backend_of(self.start(), "serve")
        self.assertEqual(open_to_others(data), [])

    def test_a_tour_of_a_demo_that_cannot_start_ends_and_says_why(self):
        data = self.demo_made_before(os.urandom(8192))
        console = self.start("--tour", str(self.folder / "tour"), stderr=subprocess.PIPE)
        _, err = console.communicate(timeout=daemon.TIMEOUT_SECONDS)
        self.assertEqual(console.returncode, 1)
        self.assertIn(f"The demo of {data} could not be brought up to date.", err.decode())

    def test_help_and_version_need_no_display(self):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
        for option, said in (("--help", b"--demo"), ("-h", b"--tour"), ("--version", b"quittance")):
            done = subprocess.run([PROGRAM, option], env=environment, capture_output=True, check=False,
                                  timeout=daemon.TIMEOUT_SECONDS)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(said, done.stdout)

    def test_a_brand_is_handed_on_and_has_a_folder_of_its_own(self):
        console, backend = self.serving("--brand", str(self.brand), folder="demo-lakeside")
        words = command_of(backend)
        self.assertEqual(words[words.index("--brand") + 1], str(self.brand))


if __name__ == "__main__":
    unittest.main()
