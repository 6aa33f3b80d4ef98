"""quittanced as a person types it: exit codes, one clear line on what was wrong, and the shapes of --json."""

import json
import os
import pathlib
import re
import socket
import sqlite3
import stat
import subprocess
import tempfile
import threading
import time
import unittest

import daemon

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.database, cls.demo = daemon.create_demo(folder.name)

    def run_here(self, *arguments, **options):
        options.setdefault("database", self.database)
        options.setdefault("clock", daemon.CLOCK)
        return daemon.run(*arguments, cwd=self.folder, **options)

    def json_here(self, *arguments):
        return daemon.run_json(*arguments, database=self.database, clock=daemon.CLOCK, cwd=self.folder)

    def fails(self, expected, *arguments, exit_code=1, **options):
        """The command exits with this code and says one line, of which `expected` is a part."""
        code, out, err = self.run_here(*arguments, **options)
        self.assertEqual(code, exit_code, f"{arguments}: {out}{err}")
        self.assertTrue(err.startswith("quittanced: "), err)
        self.assertEqual(err.count("\n"), 1, err)
        self.assertIn(expected, err)
        return err

    # ---- what goes wrong ----

    def test_wrong_use_exits_2(self):
        for arguments in ((), ("fly",), ("bill", "run"), ("bill", "export", "X", "--format", "docx", "-o", "x"),
                          ("account", "add"), ("usage", "import", "x.csv")):
            code, out, err = self.run_here(*arguments)
            self.assertEqual(code, 2, f"{arguments}: {out}{err}")
            self.assertNotEqual(err, "")
        code, out, _ = self.run_here("--help")
        self.assertEqual(code, 0)
        for command in ("serve", "migrate", "demo", "account", "person", "token", "plan", "usage", "bill", "verify"):
            self.assertIn(command, out)

    def test_an_unknown_command_is_named(self):
        self.fails('"fly"', "fly", exit_code=2)
        self.fails('"fly"', "account", "fly", exit_code=2)

    def test_an_output_that_is_full_is_an_error(self):
        for command in (("bill", "list"), ("usage", "totals", "--json"), ("account", "list"),
                        ("bill", "run", "--period", "2026-02")):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [daemon.PROGRAM, "--database", self.database, "--sandbox-clock", daemon.CLOCK, *command],
                    stdout=full, stderr=subprocess.PIPE, text=True, timeout=daemon.TIMEOUT_SECONDS)
            self.assertEqual(done.returncode, 1, command)
            self.assertIn("cannot write standard output", done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_a_password_in_a_database_url_is_refused_and_not_repeated(self):
        for url in ("postgresql://ada:hunter2@127.0.0.1/q", "postgresql://127.0.0.1/q?password=hunter2",
                    "postgres://ada:hunter2@127.0.0.1/q"):
            err = self.fails("", "account", "list", database=url)
            self.assertNotIn("hunter2", err)

    def test_databases_that_cannot_be_used_are_named(self):
        self.fails("absent.db", "account", "list", database=f"sqlite:{self.folder}/no/absent.db")
        err = self.fails("there is no folder", "migrate", database=f"sqlite:{self.folder}/no/absent.db")
        self.assertNotIn("run migrate", err)
        garbage = self.folder / "garbage.db"
        garbage.write_bytes(os.urandom(8192))
        self.fails("", "account", "list", database=f"sqlite:{garbage}")
        self.fails("", "account", "list", database="mysql://localhost/q")
        empty = f"sqlite:{self.folder}/empty.db"
        self.fails("migrate", "account", "list", database=empty)
        self.assertFalse((self.folder / "empty.db").exists(), "a command that reads must make no database")
        self.assertEqual(self.run_here("migrate", database=empty)[0], 0)
        self.assertEqual(self.run_here("migrate", database=empty)[0], 0)
        self.assertEqual(self.run_here("account", "list", database=empty)[0], 0)

    def test_a_newer_schema_is_refused_by_every_command(self):
        file = self.folder / "newer.db"
        self.assertEqual(self.run_here("migrate", database=f"sqlite:{file}")[0], 0)
        connection = sqlite3.connect(file)
        connection.execute("INSERT INTO schema_version SELECT MAX(number) + 1, 'of tomorrow' FROM schema_version")
        connection.commit()
        connection.close()
        for arguments in (("migrate",), ("account", "list"), ("bill", "list"), ("serve", "--listen", "127.0.0.1:0")):
            self.fails("newer", *arguments, database=f"sqlite:{file}")

    def test_a_read_only_database_is_named(self):
        file = self.folder / "readonly.db"
        self.assertEqual(self.run_here("migrate", database=f"sqlite:{file}")[0], 0)
        file.chmod(stat.S_IRUSR)
        if os.access(file, os.W_OK):
            self.skipTest("SKIPPED: running as root, to whom no file is read-only")
        err = self.fails(str(file), "account", "add", "X", database=f"sqlite:{file}")
        self.assertIn("read-only", err)
        self.assertNotIn("BEGIN", err)

    def test_files_that_are_missing_or_wrong_are_named(self):
        self.fails("absent.json", "plan", "load", "absent.json")
        self.fails("absent.json", "usage", "import", "--mapping", "absent.json", "x.csv")
        (self.folder / "bad.json").write_text("{\"format\": ")
        self.fails("bad.json", "usage", "import", "--mapping", "bad.json", "x.csv")
        self.fails("bad.json", "plan", "load", "bad.json")
        self.fails("is a folder", "plan", "load", ".")
        shipped = daemon.ROOT / "resources/mappings/azure-llm.json"
        self.fails("absent.csv", "usage", "import", "--mapping", str(shipped), "absent.csv")
        (self.folder / "brand.json").write_text("[]")
        self.fails("brand.json", "--brand", "brand.json", "account", "list")

    def test_things_that_are_not_there_are_named(self):
        self.fails("Nobody Ltd", "bill", "list", "--account", "Nobody Ltd")
        self.fails("Nobody Ltd", "bill", "run", "--period", "2026-02", "--account", "Nobody Ltd")
        self.fails("NL-0", "bill", "show", "NL-0")
        self.fails("nobody@x.example", "person", "disable", "nobody@x.example")
        self.fails("987654", "token", "revoke", "987654")
        self.fails("2026-13", "bill", "run", "--period", "2026-13")
        self.fails("Mars/Base", "account", "add", "X", "--time-zone", "Mars/Base")
        self.fails("localtime", "account", "add", "X", "--time-zone", "localtime")
        self.fails("in USD, not in EUR", "account", "add", "X", "--currency", "EUR", "--plan", "standard")
        code, _, err = self.run_here("account", "add", "Waits", "--plan", "of-tomorrow")
        self.assertEqual((code, err), (0, "plan \"of-tomorrow\" is not loaded yet: the account's use waits for its prices\n"))
        self.fails("XQQ", "account", "add", "X", "--currency", "XQQ")
        self.fails("owner", "person", "add", "a@x.example", "--name", "A", "--role", "owner")
        self.fails("--listen", "serve", "--listen", "nowhere")

    def test_ports_beyond_the_last_are_refused(self):
        for port in ("65536", "99999", "-1", "80x", ""):
            self.fails(f":{port}", "serve", "--listen", f"127.0.0.1:{port}")

    def test_a_configuration_file_is_closed(self):
        file = self.folder / "quittance.toml"
        for text, named in (("databse = \"sqlite:typo.db\"\n", "databse"), ("[serve]\nlisen = \"127.0.0.1:0\"\n", "lisen"),
                            ("what is this\n", "what is this")):
            file.write_text(text)
            err = self.fails(named, "--config", str(file), "migrate", exit_code=2)
            self.assertIn(str(file), err)
        self.assertFalse((self.folder / "quittance.db").exists())
        file.write_text(f"database = \"sqlite:{self.folder}/configured.db\"\n")
        code, _, err = self.run_here("--config", str(file), "migrate", database=None)
        self.assertEqual((code, err), (0, ""))
        self.assertTrue((self.folder / "configured.db").exists())

    def test_a_sandbox_clock_is_refused_beside_a_live_payment_provider(self):
        self.fails("--sandbox-clock", "--payment-provider", "live", "account", "list")
        for provider in ("none", "sandbox"):
            self.assertEqual(self.run_here("--payment-provider", provider, "account", "list")[0], 0)
        self.assertEqual(self.run_here("--payment-provider", "live", "account", "list", clock=None)[0], 0)
        self.fails("--payment-provider", "--payment-provider", "paypal", "account", "list", exit_code=2)

    def test_a_port_that_is_taken_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.fails(str(port), "serve", "--listen", f"127.0.0.1:{port}")

    # ---- the shapes of --json ----

    def check_money(self, value):
        self.assertEqual(list(value), ["amount", "currency"])
        self.assertRegex(value["amount"], DECIMAL)

    def test_documents_have_the_keys_of_their_page_and_no_other(self):
        page = (daemon.ROOT / "docs/command-line.md").read_text()
        tables = re.findall(r"^\| (?:`([a-z ]+)`|an? ([^|]+)) \| (`.*) \|$", page, re.M)
        keys = {command or part.replace("`", ""): set(re.findall(r"`(\w+)`(?!:)", names.split(": see")[0])) - {"null"}
                for command, part, names in tables}
        number = next(row["number"] for row in self.json_here("bill", "list") if row["number"])
        shown = self.json_here("bill", "show", number)
        seen = {
            "account add": [self.json_here("account", "add", "Shaped")],
            "account profile": [self.json_here("account", "profile", "Shaped")],
            "bill check": [self.json_here("bill", "check", number)],
            "rule of bill check": self.json_here("bill", "check", number)["rules"],
            "bill run": self.json_here("bill", "run", "--period", "2026-02"),
            "bill show": [shown],
            "line of bill show": shown["lines"],
            "step of a line": [step for line in shown["lines"] for step in line["steps"]],
            "tax of bill show": shown["taxes"],
            "demo create": [self.demo],
            "person add": [self.json_here("person", "add", "shaped@x.example", "--name", "S", "--role", "finance")],
            "token add": [self.json_here("token", "add", "shaped", "--scope", "read-only")],
            "verify": [self.json_here("verify")],
        }
        for command in ("account list", "bill list", "person list", "plan list", "token list", "usage totals"):
            seen[command] = self.json_here(*command.split())
        seen["grant of person list"] = [grant for person in seen["person list"] for grant in person["grants"]]
        seen["price of plan list"] = [price for plan in seen["plan list"] for price in plan["prices"]]
        mapping = str(daemon.ROOT / "resources/mappings/azure-llm.json")
        (self.folder / "shaped.csv").write_text(
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2026-02-16 18:15:46.6805900,374,44\n")
        self.json_here("account", "add", "Unpriced", "--plan", "none-yet")
        seen["usage import"] = [
            self.json_here("usage", "import", "--mapping", mapping, "--account", "Unpriced", "shaped.csv")]
        seen["unpriced use of bill run"] = self.json_here(
            "bill", "run", "--account", "Unpriced", "--period", "2026-02")[0]["unpriced"]
        self.assertEqual(set(keys), set(seen), "a document that is not described, or not tried here")
        for what, objects in seen.items():
            self.assertGreater(len(objects), 0, what)
            for one in objects:
                self.assertEqual(set(one), keys[what], what)

    def test_lists_say_money_and_quantities_exactly(self):
        for row in self.json_here("usage", "totals"):
            self.assertRegex(row["quantity"], DECIMAL)
        bills = self.json_here("bill", "list")
        for row in bills:
            self.check_money(row["total"])
            self.check_money(row["open"])
        number = next(row["number"] for row in bills if row["number"])
        shown = self.json_here("bill", "show", number)
        self.assertEqual(shown["number"], number)
        self.assertGreater(len(shown["lines"]), 0)
        for line in shown["lines"]:
            self.check_money(line["amount"])

    def test_a_bill_is_exported_in_every_format(self):
        number = next(row["number"] for row in self.json_here("bill", "list") if row["number"])
        for form, begins in (("pdf", b"%PDF-"), ("csv", b""), ("json", b"{"), ("ubl", b"<?xml")):
            file = self.folder / f"bill.{form}"
            code, _, err = self.run_here("bill", "export", number, "--format", form, "-o", str(file))
            self.assertEqual((code, err), (0, ""))
            content = file.read_bytes()
            self.assertTrue(content.startswith(begins))
            self.assertIn(number.encode(), content if form != "pdf" else number.encode())
        json.loads((self.folder / "bill.json").read_text())
        self.fails("no-such", "bill", "export", number, "--format", "csv", "-o", "no-such/bill.csv")

    def test_an_e_invoice_is_tried_by_the_rules_of_the_standard(self):
        number = next(row["number"] for row in self.json_here("bill", "list") if row["number"])
        verdict = self.json_here("bill", "check", number)
        self.assertEqual((verdict["number"], verdict["kind"], verdict["failed"]), (number, "invoice", 0))
        file = self.folder / "checked.xml"
        code, _, err = self.run_here("bill", "export", number, "--format", "ubl", "-o", str(file))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(self.json_here("bill", "check", str(file)), verdict)
        code, out, _ = self.run_here("bill", "check", str(file))
        self.assertEqual(code, 0)
        self.assertIn(" 0 failed, ", out.splitlines()[-1])
        file.write_text(re.sub("(<cbc:PayableAmount[^>]*>)", r"\g<1>1", file.read_text()))
        code, out, _ = self.run_here("bill", "check", str(file), "--json")
        self.assertEqual(code, 3)
        failed = [rule for rule in json.loads(out)["rules"] if rule["verdict"] == "failed"]
        self.assertEqual([rule["rule"] for rule in failed], ["BR-CO-16"])
        self.assertEqual(failed[0]["place"], "/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount")
        code, out, _ = self.run_here("bill", "check", str(file))
        self.assertEqual(code, 3)
        self.assertRegex(out, r"(?m)^BR-CO-16 +failed ")
        file.write_text("<Invoice")
        self.fails("checked.xml", "bill", "check", str(file))
        self.fails("no-such.xml", "bill", "check", "no-such.xml")
        self.fails("NO-SUCH", "bill", "check", "NO-SUCH")

    def test_real_life_of_a_small_installation(self):
        database = f"sqlite:{self.folder}/life.db"

        def go(*arguments, code=0):
            done, out, err = self.run_here(*arguments, database=database)
            self.assertEqual(done, code, f"{arguments}: {out}{err}")
            return out

        go("migrate")
        go("plan", "load", str(sorted((daemon.ROOT / "resources/prices").glob("*.json"))[0]))
        made = json.loads(go("account", "add", "Acme", "--currency", "USD", "--json"))
        self.assertEqual(made["name"], "Acme")
        rows = "TIMESTAMP,ContextTokens,GeneratedTokens\n"
        rows += "2026-02-16 18:15:46.6805900,374,44\n2026-02-16 18:15:50.9951690,396,109\nnot a time,1,1\n"
        (self.folder / "calls.csv").write_text(rows)
        mapping = str(daemon.ROOT / "resources/mappings/azure-llm.json")
        report = json.loads(go(
            "usage", "import", "--mapping", mapping, "--account", "Acme", "--json", "calls.csv", code=3))
        self.assertEqual((report["rows"], report["rejectedRows"]), (3, 1))
        again = json.loads(go(
            "usage", "import", "--mapping", mapping, "--account", "Acme", "--json", "calls.csv", code=3))
        self.assertEqual((again["accepted"], again["repeated"]), (0, report["accepted"]))
        # An account is named by its name or by its id.
        month = ("--period", "2026-02", "--json")
        by_name = json.loads(go("bill", "run", "--account", "Acme", *month))
        by_id = json.loads(go("bill", "run", "--account", str(made["id"]), *month))
        self.assertEqual([bill["account"] for bill in by_id], ["Acme"])
        self.assertEqual(by_id, by_name)
        go("bill", "list", "--account", str(made["id"]), "--json")
        report = json.loads(go("usage", "import", "--mapping", mapping, "--account", str(made["id"]), "--json",
                               "calls.csv", code=3))
        self.assertEqual((report["accepted"], report["createdAccounts"]), (0, []))
        self.fails("987654", "bill", "list", "--account", "987654", database=database)
        rejects = pathlib.Path(self.folder / report["rejects"]).read_text()
        self.assertIn("not a time", rejects)
        kept = list(self.folder.glob("usage-rejects-*.csv"))
        self.assertEqual(len(kept), 3, "each import keeps its own refused rows")
        self.assertIn("nothing to bill for 2030-01", go("bill", "run", "--period", "2030-01"))
        totals = {row["meter"]: row["quantity"] for row in json.loads(go("usage", "totals", "--json"))}
        self.assertEqual(totals["input-tokens"], "770")
        self.assertEqual(totals["output-tokens"], "153")
        self.assertEqual(totals["calls"], "2")
        token = json.loads(go("token", "add", "meter", "--scope", "usage-intake", "--json"))
        self.assertEqual(set(token), {"id", "secret"})
        go("token", "revoke", str(token["id"]))
        self.assertIsNotNone(json.loads(go("token", "list", "--json"))[0]["revokedAt"])
        go("person", "add", "a@x.example", "--name", "A", "--role", "finance")
        go("person", "disable", "a@x.example")
        self.assertTrue(json.loads(go("person", "list", "--json"))[0]["disabled"])

    def test_an_output_that_is_no_regular_file_is_written_to_and_stays(self):
        number = next(row["number"] for row in self.json_here("bill", "list") if row["number"])
        export = ("bill", "export", number, "--format", "csv", "-o")
        code, text, err = self.run_here(*export, "-")
        self.assertEqual((code, err), (0, ""))
        self.assertIn(number, text)
        self.fails("/dev/full", *export, "/dev/full")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode))
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        heard = []
        reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
        reader.start()
        self.assertEqual(self.run_here(*export, str(pipe))[0], 0)
        reader.join()
        self.assertTrue(stat.S_ISFIFO(os.stat(pipe).st_mode))
        self.assertIn(number, heard[0])
        link = self.folder / "link.csv"
        link.symlink_to("linked.csv")
        self.assertEqual(self.run_here(*export, str(link))[0], 0)
        self.assertTrue(link.is_symlink())
        self.assertIn(number, (self.folder / "linked.csv").read_text())

    def test_a_billing_profile_is_added_completed_and_checked(self):
        database = f"sqlite:{self.folder}/profiles.db"
        self.assertEqual(self.run_here("migrate", database=database)[0], 0)
        # Any one field of the profile is kept.
        for name, field, value in (("A", "--address", "1 Rue de la Paix"), ("B", "--purchase-order", "PO-7"),
                                   ("C", "--buyer-reference", "dept 4"), ("D", "--language", "fr")):
            self.assertEqual(self.run_here("account", "add", name, field, value, database=database)[0], 0)
            self.assertIn(value, json.dumps(self.profile(database, name)))
        self.fails("DE12", "account", "add", "E", "--tax-id", "DE12", database=database)
        one = self.profile(database, "A", "--legal-name", "Acme SARL", "--country", "FR", "--email", "bills@acme.example")
        self.assertEqual((one["addressLines"], one["missingFields"]), (["1 Rue de la Paix"], []))
        two = self.profile(database, "A", "--effective", "2026-04-01", "--legal-name", "Acme SA", "--purchase-order", "")
        self.assertEqual((two["validFrom"], two["country"]), ("2026-04-01T00:00:00Z", "FR"))
        # What is planned for April stays planned, with what changes before it.
        three = self.profile(database, "A", "--email", "a@x.example")
        self.assertEqual((three["legalName"], three["emails"]), ("Acme SARL", ["a@x.example"]))
        april = self.profile(database, "A", "--effective", "2026-04-02", "--language", "fr")
        self.assertEqual((april["legalName"], april["emails"]), ("Acme SA", ["a@x.example"]))
        self.fails("2026-03-15", "account", "profile", "A", "--effective", "2026-03-15", "--email", "b@x.example",
                   database=database)
        self.fails("country", "account", "profile", "B", "--country", "France", database=database)
        self.fails("Nobody", "account", "profile", "Nobody", database=database)

    def profile(self, database, account, *options):
        return daemon.run_json("account", "profile", account, *options, database=database, clock=daemon.CLOCK)

    def test_the_shipped_mappings_account_is_billed_from_the_command_line(self):
        database = f"sqlite:{self.folder}/shipped.db"

        def go(*arguments, code=0):
            done, out, err = self.run_here(*arguments, database=database)
            self.assertEqual(done, code, f"{arguments}: {out}{err}")
            return out

        go("migrate")
        (self.folder / "shipped.csv").write_text(
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2026-02-16 18:15:46.6805900,374,44\n")
        mapping = str(daemon.ROOT / "resources/mappings/azure-llm.json")
        self.fails("absent.csv", "usage", "import", "--mapping", mapping, "absent.csv", database=database)
        self.assertEqual(json.loads(go("account", "list", "--json")), [])
        made = json.loads(go("usage", "import", "--mapping", mapping, "--json", "shipped.csv"))["createdAccounts"]
        run = ("bill", "run", "--period", "2026-02", "--issue", "--json")
        # No plan yet: the run names the use and issues nothing.
        outcome = json.loads(go(*run, code=3))[0]
        self.assertEqual({use["meter"] for use in outcome["unpriced"]}, {"input-tokens", "output-tokens", "calls"})
        go("plan", "load", str(daemon.ROOT / "resources/prices/standard.json"))
        self.assertEqual({use["meter"]: use["quantity"] for use in outcome["unpriced"]}["calls"], "1")
        outcome = json.loads(go(*run, code=3))[0]
        self.assertEqual((outcome["state"], outcome["missingFields"][0]), ("draft", "legalName"))
        go("account", "profile", made[0], "--legal-name", "Azure Trace", "--address", "1 Main Street", "--country", "US",
           "--email", "bills@trace.example")
        self.assertRegex(json.loads(go(*run))[0]["number"], r"^[A-Z]+-2026-000001$")
        (self.folder / "running.csv").write_text(
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2026-03-10 18:15:46.6805900,3740000,440000\n")
        go("usage", "import", "--mapping", mapping, "running.csv")
        running = json.loads(go("bill", "run", "--period", "2026-03", "--issue", "--json"))[0]
        self.assertEqual((running["state"], running["waitsForItsEnd"]), ("draft", True))
        self.assertIn("until its month has ended", go("bill", "run", "--period", "2026-03", "--issue"))
        self.fails("later than now", "bill", "run", "--period", "2026-04", "--as-of", "2026-05-02T00:00:00Z", "--issue",
                   database=database)
        go("verify")

    def test_an_installation_keeps_its_own_brand(self):
        brand = json.loads((daemon.ROOT / "resources/brand/northlake.json").read_text())
        entity = dict(brand["entities"][0], code="southridge-fr", legalName="Southridge SAS", country="FR", taxIds=[],
                      address=["2 Quai du Port", "13002 Marseille"], email="bills@southridge.example",
                      bank=["IBAN FR76 3000 6000 0112 3456 7890 189"], series="SR")
        brand.update(name="Southridge", logo="", website="", supportEmail="help@southridge.example", entities=[entity])
        file = self.folder / "southridge.json"
        file.write_text(json.dumps(brand))
        database = f"sqlite:{self.folder}/southridge.db"

        def go(*arguments, code=0):
            done, out, err = self.run_here(*arguments, database=database)
            self.assertEqual(done, code, f"{arguments}: {out}{err}")
            return out

        go("--brand", str(file), "migrate")
        go("plan", "load", str(daemon.ROOT / "resources/prices/standard-eur.json"))
        go("account", "add", "Acme", "--currency", "EUR", "--plan", "standard-eur", "--legal-name", "Acme SARL",
           "--address", "1 Rue de la Paix", "--country", "FR", "--email", "bills@acme.example")
        (self.folder / "south.csv").write_text(
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2026-02-16 18:15:46.6805900,3740000,4400000\n")
        go("usage", "import", "--mapping", str(daemon.ROOT / "resources/mappings/azure-llm.json"), "--account", "Acme",
           "south.csv")
        go("bill", "run", "--period", "2026-02", "--issue")
        go("migrate")  # without --brand: keeps its own
        connection = sqlite3.connect(self.folder / "southridge.db")
        self.assertEqual(connection.execute("SELECT code FROM legal_entity").fetchall(), [("southridge-fr",)])
        connection.close()
        pdf = self.folder / "south.pdf"
        go("bill", "export", "SR-2026-000001", "--format", "pdf", "-o", str(pdf))
        text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
        self.assertIn("Southridge", text)
        for printed in (text, go("bill", "export", "SR-2026-000001", "--format", "csv", "-o", "-")):
            self.assertNotIn("orthlake", printed)
        shipped = str(daemon.ROOT / "resources/brand/northlake.json")
        for command in (("migrate",), ("bill", "list"), ("serve", "--listen", "127.0.0.1:0")):
            err = self.fails("southridge-fr", "--brand", shipped, *command, database=database)
            self.assertIn("--brand", err)
        go("verify")

    # ---- serving ----

    def test_an_ipv6_address_stands_in_brackets(self):
        with socket.socket(socket.AF_INET6) as probe:
            try:
                probe.bind(("::1", 0))
            except OSError:
                self.skipTest("SKIPPED: this computer has no IPv6")
        server = subprocess.Popen(
            [daemon.PROGRAM, "--database", self.database, "serve", "--listen", "[::1]:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        self.assertRegex(server.stdout.readline(), r"^listening on \[::1\]:[0-9]+$")

    def test_sigterm_lets_a_running_answer_end_and_refuses_new_ones(self):
        server = daemon.Server(self.database)
        self.addCleanup(server.stop)
        body = {"email": self.demo["email"], "password": self.demo["password"]}
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(daemon.request(server.port, "POST", "/v1/sessions", body=body)))
        # A password is checked slowly on purpose: the answer is under way when the signal comes.
        asking.start()
        time.sleep(0.05)
        self.assertEqual(server.stop(), 0)
        asking.join()
        self.assertEqual(answers[0].status, 201)
        with self.assertRaises(OSError):
            daemon.request(server.port, "GET", "/health")

    def test_an_open_event_stream_does_not_hold_up_the_end(self):
        server = daemon.Server(self.database)
        self.addCleanup(server.stop)
        body = {"email": self.demo["email"], "password": self.demo["password"]}
        token = daemon.request(server.port, "POST", "/v1/sessions", body=body).json["token"]
        connection = daemon.http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request("GET", "/v1/events", headers={"Authorization": f"Bearer {token}"})
        stream = connection.getresponse()
        self.assertEqual(stream.status, 200)
        self.assertEqual(server.stop(), 0)
        stream.read()  # ends

    def test_core_files_are_forbidden(self):
        server = daemon.Server(self.database)
        self.addCleanup(server.stop)
        limits = pathlib.Path(f"/proc/{server.process.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")


if __name__ == "__main__":
    unittest.main()
