"""The demo is a function of its seed and clock: two runs give the same bills, ledger and journal."""

import hashlib
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


if __name__ == "__main__":
    unittest.main()
