"""Each SQL statement is written once."""

import collections
import re
import unittest

import cpp_text
import project

STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s", re.I)
# A word of a sentence may begin like a statement; a statement goes on with one of these.
BODY = re.compile(r"\b(FROM|INTO|SET|AS|VALUES|SELECT)\b")


def normalised(statement):
    return re.sub(r"\s*([(),=<>])\s*", r"\1", re.sub(r"\s+", " ", statement)).strip().rstrip(";").lower()


def statements(name, text):
    """(place, normalised statement) of each SQL literal of a file."""
    for line, value in cpp_text.string_literals(text):
        if STATEMENT.match(value) and BODY.search(value):
            yield f"{name}:{line}", normalised(value)


def twins(texts):
    """Places of each statement that stands in more than one; `texts` is {file name: text}."""
    places = collections.defaultdict(list)
    for name, text in texts.items():
        for place, statement in statements(name, text):
            places[statement].append(place)
    return [f"{', '.join(where)}: {statement[:120]}" for statement, where in places.items() if len(where) > 1]


class SqlTexts(unittest.TestCase):
    def test_no_statement_is_written_twice(self):
        texts = {name: project.read(name) for name in project.sources("core", "client", "backend", "sandbox", "app")}
        self.assertFalse(found := twins(texts), "\n" + "\n".join(found))

    def test_planted_twins_are_found(self):
        first = 'auto a = t.query("SELECT id FROM bill WHERE "\n    "account = $1", {});  // it\'s one\n'
        second = 'const int n = 10\'000; auto b = R"sql(\n  select id\n  from bill WHERE account=$1;)sql";'
        self.assertEqual(len(list(statements("a.cpp", first))), 1)
        self.assertEqual(len(twins({"a.cpp": first, "b.cpp": first})), 1)
        self.assertEqual(list(statements("b.cpp", second.replace("from", "FROM")))[0][0], "b.cpp:1")
        self.assertEqual(len(twins({"a.cpp": first, "b.cpp": second.replace("from", "FROM")})), 1)

    def test_other_texts_are_left_alone(self):
        self.assertEqual(list(statements("a.cpp", '// "SELECT id FROM bill"\n f("Select a bill"); f("select * all");')), [])


if __name__ == "__main__":
    unittest.main()
