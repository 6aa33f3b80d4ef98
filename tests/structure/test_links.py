"""What has to run without Qt is compiled and linked without it.

Reads compile_commands.json and build.ninja of the build folder named by QUITTANCE_BUILD_DIR.
"""

import json
import os
import pathlib
import re
import subprocess
import unittest

import layout
import project

QT_IN_COMMAND = re.compile(r"/qt6\b|-DQT_\w+|\bQt6?[A-Z]\w+/")
QT_LIBRARY = re.compile(r"libQt\d\w*\.(?:so|a)\S*|libqt6keychain\S*")
LINK_EDGE = re.compile(r"^build (?P<outputs>[^:]+): CXX_EXECUTABLE_LINKER__\S+ (?P<inputs>.*)$", re.M)
OBJECT = re.compile(r"(\S+?)/CMakeFiles/[^/\s]+\.dir/(\S+)\.o\b")


def compiled_with_qt(commands):
    """Files of compile_commands.json that must not see Qt and do."""
    for entry in commands:
        name = os.path.relpath(entry["file"], project.ROOT)
        found = layout.is_without_qt(name) and QT_IN_COMMAND.search(entry["command"])
        if found:
            yield f"{name}: compiled with {found.group()}"


def linked_with_qt(ninja):
    """Programs of build.ninja that consist of files without Qt and link it."""
    for edge in LINK_EDGE.finditer(ninja):
        rooms = {match.group(1) for match in OBJECT.finditer(edge.group("inputs"))}
        found = QT_LIBRARY.search(edge.group("inputs"))
        if rooms and found and all(layout.is_without_qt(room) for room in rooms):
            yield f"{edge.group('outputs').split()[0]} links {found.group()}"


class Links(unittest.TestCase):
    def setUp(self):
        self.build = pathlib.Path(os.environ["QUITTANCE_BUILD_DIR"])

    def test_no_file_without_qt_is_compiled_with_it(self):
        commands = json.loads((self.build / "compile_commands.json").read_text())
        self.assertGreater(len(commands), 10)
        self.assertEqual(list(compiled_with_qt(commands)), [])

    def test_no_program_without_qt_links_it(self):
        ninja = (self.build / "build.ninja").read_text()
        self.assertRegex(ninja, LINK_EDGE)
        self.assertEqual(list(linked_with_qt(ninja)), [])

    def test_the_daemon_loads_no_qt(self):
        for program in ("quittanced", "quittance-gateway"):
            path = self.build / "bin" / program
            if program == "quittanced":
                self.assertTrue(path.exists(), f"{path.name} was not built")
            if path.exists():
                loaded = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=True).stdout
                self.assertNotRegex(loaded, QT_LIBRARY)

    def test_planted_wrong_links_are_named(self):
        command = {"file": str(project.ROOT / "core/domain/money.cpp"), "command": "c++ -isystem /usr/include/qt6 -c"}
        self.assertEqual(len(list(compiled_with_qt([command]))), 1)
        command["file"] = str(project.ROOT / "ui/shell/main_window.cpp")
        self.assertEqual(list(compiled_with_qt([command])), [])
        edge = (
            "build bin/quittanced: CXX_EXECUTABLE_LINKER__quittanced_Debug "
            "app/daemon/CMakeFiles/quittanced.dir/main.cpp.o | backend/libapi.a /usr/lib/libQt6Core.so.6.4.2\n"
        )
        self.assertEqual(list(linked_with_qt(edge)), ["bin/quittanced links libQt6Core.so.6.4.2"])
        self.assertEqual(list(linked_with_qt(edge.replace("app/daemon", "app/console"))), [])


if __name__ == "__main__":
    unittest.main()
