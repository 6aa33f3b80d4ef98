"""What no file of the project may hold, and what the first page has to."""

import os
import re
import unittest

import project

SIZE_BYTES_MAX = 200_000
# Files where a word below is data: the licence's own text.
EXEMPT = {"LICENSE"}
# Folders at the root that any computer may have (File Hierarchy Standard); others are this computer's own.
STANDARD = {"bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "media", "mnt", "opt", "proc", "run", "sbin",
            "srv", "sys", "tmp", "usr", "var", "lost+found"}


def machine_paths(root_folders):
    """Paths below a folder of one computer, below a person's own, or in the folder for temporary files."""
    own = "|".join(re.escape(name) for name in sorted({*root_folders, "root"} - STANDARD - {"home"}))
    return rf"(?<![\w.])/(?:{own}|home/\w+|tmp)/"


FORBIDDEN = {
    "the path of one machine": machine_paths(os.listdir("/")),
    "the host of a package registry": r"\bregistry\.\w+\.\w+|\b(?:deb|pypi)\.[\w.]*org\b|\"resolved\": *\"http",
    "an unfinished mark": r"\b(?:TO[D]O|FIX[M]E|HA[C]K)\b|\bXX[X]:|\blorem[ ]ipsum\b",
}


def problems(name, text):
    for what, pattern in FORBIDDEN.items():
        for match in re.finditer(pattern, text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {what}: {match.group()}"


class Files(unittest.TestCase):
    def test_hold_nothing_of_one_machine_and_nothing_unfinished(self):
        found = []
        for name in project.files():
            if name not in EXEMPT:
                found += problems(name, project.read(name))
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_are_small(self):
        large = [
            f"{name}: {size} bytes"
            for name in project.files()
            if (size := (project.ROOT / name).stat().st_size) > SIZE_BYTES_MAX
        ]
        self.assertEqual(large, [])

    def test_scripts_can_be_run(self):
        names = [name for name in project.files() if re.match(r"(scripts|\.ci)/[\w-]+$", name)]
        self.assertIn("scripts/run", names)
        self.assertEqual([name for name in names if not os.access(project.ROOT / name, os.X_OK)], [])

    def test_readme_shows_the_two_commands_first(self):
        blocks = re.findall(r"^```\w*\n(.*?)^```", project.read("README.md"), re.M | re.S)
        self.assertTrue(blocks, "README.md shows no command")
        commands = re.findall(r"\./scripts/\w+", blocks[0] + (blocks[1] if len(blocks) > 1 else ""))
        self.assertEqual(commands[:2], ["./scripts/run", "./scripts/test"])
        for command in commands:
            self.assertTrue(os.access(project.ROOT / command, os.X_OK), command)

    def test_planted_problems_are_named(self):
        # In pieces, so that this file keeps the rule too.
        planted = ["see /" + "root/here", "// TO" + "DO later", '"resolved": "' + 'https://x/y.tgz"', "cd /" + "home/me/x",
                   "in /" + "tmp/x"]
        for text in planted:
            self.assertEqual([problem.split(":")[1] for problem in problems("a.md", "\n" + text)], ["2"], text)
        self.assertEqual(list(problems("a.md", "client/root/x, /rooted, /usr/share/x, a hackney carriage")), [])
        self.assertRegex("at /data7/x", machine_paths(["usr", "data7"]))
        self.assertNotRegex("at /usr/x/data7/y", machine_paths(["usr", "data7"]))


if __name__ == "__main__":
    unittest.main()
