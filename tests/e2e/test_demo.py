"""The demo is a function of its seed and clock: two runs give the same bills, ledger and journal."""

import hashlib
import json
import pathlib
import sqlite3
import tempfile
import unittest

import daemon

# What is drawn from the system's chance: salts, hashes of passwords and tokens, the installation's name.
SECRET = ("salt", "hash", "token", "password", "commitment", "digest", "lease", "holder", "owner")
TABLES_OF_INTEREST = ("bill", "bill_line", "bill_tax", "cost_row", "ledger_entry", "journal")


def dump(database):
    """A hash of the rows of every table, without columns of secrets."""
    connection = sqlite3.connect(database.removeprefix("sqlite:"))
    tables = [name for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
    hashes = {}
    for table in tables:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        kept = [name for name in columns if not any(word in name for word in SECRET)]
        if not kept or table in ("installation", "schema_version"):
            continue
        rows = sorted(repr(row) for row in connection.execute(f"SELECT {', '.join(kept)} FROM {table}"))
        hashes[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    connection.close()
    return hashes


class Demo(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_same_seed_and_clock_give_the_same_cloud(self):
        first, report = daemon.create_demo(self.folder, "first.db")
        second, again = daemon.create_demo(self.folder, "second.db")
        self.assertEqual(report, again)
        self.assertGreater(report["bills"], 0)
        self.assertGreater(report["events"], 0)
        once, twice = dump(first), dump(second)
        filled = [table for table, (rows, _) in once.items() if rows]
        for table in TABLES_OF_INTEREST:
            self.assertTrue(any(name.startswith(table) for name in filled), f"{table} is empty: {filled}")
        self.assertEqual({name: value for name, value in once.items() if twice[name] != value}, {})

        other, _ = daemon.create_demo(self.folder, "other.db", seed=6)
        self.assertNotEqual(dump(other)["bill_line"], once["bill_line"])

    def test_every_bill_of_it_is_verified(self):
        database, report = daemon.create_demo(self.folder)
        found = daemon.run_json("verify", database=database, clock=daemon.CLOCK)
        self.assertEqual(found["faults"], [])
        self.assertGreater(found["billsChecked"], 0)
        self.assertEqual(found["billsEqual"], found["billsChecked"])
        code, _, err = daemon.run("demo", "create", database=database, clock=daemon.CLOCK)
        self.assertEqual(code, 1)
        self.assertIn("3 accounts: a demo needs an empty one", err)
        bills = daemon.run_json("bill", "list", database=database)
        self.assertEqual(len(bills), report["bills"])


    def test_its_people_belong_to_the_brand(self):
        shipped = daemon.ROOT / "resources/brand/northlake.json"
        brand = json.loads(shipped.read_text())
        brand.update(name="Süd ridge 9", logo="")
        file = pathlib.Path(self.folder, "ridge.json")
        file.write_text(json.dumps(brand))
        report = daemon.run_json("--brand", str(file), "demo", "create", "--accounts", "1", "--months", "1",
                                 database=f"sqlite:{self.folder}/ridge.db", clock=daemon.CLOCK)
        self.assertEqual(report["email"], "jonas.okafor@sdridge9.example")
        self.assertEqual(report["password"], "sdridge9 demo 1")
        people = daemon.run_json("person", "list", database=f"sqlite:{self.folder}/ridge.db")
        self.assertEqual([person for person in people if "northlake" in person["email"]], [])

    def test_its_size_has_limits(self):
        for option, value in (("--months", "1000"), ("--months", "0"), ("--accounts", "0"), ("--accounts", "1001")):
            code, _, err = daemon.run("demo", "create", option, value, database=f"sqlite:{self.folder}/limits.db",
                                      clock=daemon.CLOCK)
            self.assertEqual(code, 1)
            self.assertEqual(err.count("\n"), 1, err)
            self.assertIn(f"{option} {value}: 1 to ", err)
        code, _, err = daemon.run("demo", "create", "--months", "3", database=f"sqlite:{self.folder}/limits.db",
                                  clock="1970-02-03T00:00:00Z")
        self.assertIn("before 1970", err)


if __name__ == "__main__":
    unittest.main()
