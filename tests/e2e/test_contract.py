"""The running backend against core/contract/openapi.yaml.

Every call goes through Prism as a proxy, which compares each answer with the contract. Prism runs without --errors: then
it hands on requests that break the contract too, so that the backend's own refusals are met, and names what it found in
a header. What Prism cannot carry (streams, a broken percent-encoding) is asked of the backend itself.
"""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import daemon
import schemas

# Declared answers that no call can bring about from outside, with the reason.
EXCUSED_STATUSES = {503: "needs a database that is busy under a running server; tests/backend/api/tst_busy.cpp makes one"}
# What the linter may say, with the reason.
LINT_ALLOWED = {
    ("operation-4xx-response", "#/paths/~1v1~1brand/get/responses"): "public, and takes nothing that could be wrong",
    ("operation-4xx-response", "#/paths/~1health/get/responses"): "public, and takes nothing that could be wrong",
    ("operation-4xx-response", "#/paths/~1metrics/get/responses"): "public, and takes nothing that could be wrong",
    ("no-unused-components", "#/components/schemas/SnapshotHeader"): "a line of NDJSON, which OpenAPI 3.0 has no word for",
    ("no-unused-components", "#/components/schemas/SnapshotEnd"): "a line of NDJSON, which OpenAPI 3.0 has no word for",
}
ABSENT = 987654
BODY_TOO_LARGE = {"large": "x" * 1024 * 1024}


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Prism:
    def __init__(self, upstream_port):
        self.port = free_port()
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            ["npx", "--no-install", "prism", "proxy", schemas.CONTRACT, f"http://127.0.0.1:{upstream_port}",
             "--port", str(self.port), "--host", "127.0.0.1"],
            cwd=daemon.ROOT, stdout=self.log, stderr=self.log, start_new_session=True,
        )
        for _ in range(300):
            try:
                daemon.request(self.port, "GET", "/health")
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.3)
        self.stop()
        raise RuntimeError("Prism did not start: is package.json installed (npm ci)?")

    def stop(self):
        # npx, the shell between and Prism itself are one group, ours.
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait(timeout=60)
        self.log.close()


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.contract = schemas.load()
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.database, cls.demo = daemon.create_demo(cls.folder.name)
        cls.server = daemon.Server(cls.database)
        cls.addClassCleanup(cls.server.stop)
        cls.prism = Prism(cls.server.port)
        cls.addClassCleanup(cls.prism.stop)
        cls.met = set()
        cls.keys = 0

    # ---- asking ----

    def template_of(self, method, path):
        plain = path.split("?", 1)[0]
        for template, operations in self.contract["paths"].items():
            pattern = re.sub(r"\{\w+\}", "[^/]+", template)
            if method.lower() in operations and re.fullmatch(pattern, plain):
                return template
        raise AssertionError(f"{method} {path} is not of the contract")

    def ask(self, status, method, path, token=None, body=None, direct=False, **headers):
        """Asks and expects a status, which the contract must declare; the answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        if method in ("POST", "PUT") and "Idempotency_Key" not in headers:
            type(self).keys += 1
            sent["Idempotency-Key"] = f"contract-test-{self.keys}"
        port = self.server.port if direct else self.prism.port
        answer = daemon.request(port, method, path, token, body, sent)
        what = f"{method} {path}: {answer.status} {answer.body[:300]!r}"
        self.assertEqual(answer.status, status, what)
        template = self.template_of(method, path)
        declared = self.contract["paths"][template][method.lower()]["responses"]
        self.assertIn(str(status), declared, f"{what}: the contract does not declare it")
        violations = [
            one for one in json.loads(answer.headers.get("sl-violations", "[]")) if one["location"][0] == "response"
        ]
        self.assertEqual(violations, [], what)
        if status >= 400:
            self.assertEqual(answer.headers["content-type"].split(";")[0], "application/problem+json", what)
            self.assertEqual(schemas.check(self.contract, "Problem", answer.json), [], what)
            self.assertEqual(answer.json["status"], status, what)
        self.met.add((method, template, status))
        return answer

    def sign_in(self, email):
        body = {"email": email, "password": self.demo["password"]}
        return self.ask(201, "POST", "/v1/sessions", body=body, Idempotency_Key=None).json["token"]

    # ---- the calls, a feature each ----

    def sessions(self):
        self.admin = self.sign_in(self.demo["email"])
        self.finance = self.sign_in("mara.lindqvist@northlake.example")
        self.customer = self.sign_in(self.demo["customerEmail"])
        self.ask(400, "POST", "/v1/sessions", body={"email": "x"}, Idempotency_Key=None)
        self.ask(413, "POST", "/v1/sessions", body=BODY_TOO_LARGE, Idempotency_Key=None)
        wrong = {"email": self.demo["email"], "password": "not this one"}
        self.ask(401, "POST", "/v1/sessions", body=wrong, Idempotency_Key=None)
        self.ask(200, "GET", "/v1/me", self.admin)
        self.ask(400, "GET", "/v1/me?who=else", self.admin)
        self.ask(401, "GET", "/v1/me")
        self.ask(401, "GET", "/v1/me", "no-token")
        leaving = self.sign_in(self.demo["email"])
        self.ask(400, "DELETE", "/v1/sessions/current?all=1", leaving)
        self.ask(204, "DELETE", "/v1/sessions/current", leaving)
        self.ask(401, "DELETE", "/v1/sessions/current", leaving)

    def tokens(self):
        form = {"name": "reader", "role": "read-only", "account": None, "expires": None}
        made = self.ask(201, "POST", "/v1/tokens", self.admin, form, Idempotency_Key="reader-token-1").json
        self.reader = made["secret"]
        self.ask(409, "POST", "/v1/tokens", self.admin, {**form, "name": "x"}, Idempotency_Key="reader-token-1")
        intake = {**form, "name": "meter", "role": "usage-intake", "expires": "2027-01-01T00:00:00Z"}
        self.intake = self.ask(201, "POST", "/v1/tokens", self.admin, intake).json["secret"]
        self.ask(400, "POST", "/v1/tokens", self.admin, {"name": "x"})
        self.ask(401, "POST", "/v1/tokens", None, form)
        self.ask(403, "POST", "/v1/tokens", self.finance, form)
        self.ask(413, "POST", "/v1/tokens", self.admin, BODY_TOO_LARGE)
        self.ask(422, "POST", "/v1/tokens", self.admin, {**form, "name": ""})
        self.ask(422, "POST", "/v1/tokens", self.admin, {**form, "account": ABSENT})
        self.ask(200, "GET", "/v1/tokens", self.admin)
        self.ask(400, "GET", "/v1/tokens?limit=0", self.admin)
        self.ask(401, "GET", "/v1/tokens")
        self.ask(403, "GET", "/v1/tokens", self.finance)
        revoke = f"/v1/tokens/{self.ask(201, 'POST', '/v1/tokens', self.admin, form).json['token']['id']}/revoke"
        self.ask(400, "POST", revoke, self.admin, Idempotency_Key="short")
        self.ask(401, "POST", revoke)
        self.ask(403, "POST", revoke, self.customer)
        self.ask(404, "POST", f"/v1/tokens/{ABSENT}/revoke", self.admin)
        self.ask(204, "POST", revoke, self.admin)
        self.ask(409, "POST", revoke, self.admin, Idempotency_Key="reader-token-1")

    def accounts(self):
        self.own = self.ask(200, "GET", "/v1/accounts", self.customer).json["items"][0]["id"]
        everyone = self.ask(200, "GET", "/v1/accounts?limit=2", self.admin).json
        self.assertIsNotNone(everyone["next"])
        self.ask(200, "GET", f"/v1/accounts?cursor={everyone['next']}", self.admin)
        self.foreign = next(one["id"] for one in everyone["items"] if one["id"] != self.own)
        self.ask(400, "GET", "/v1/accounts?limit=many", self.admin)
        self.ask(401, "GET", "/v1/accounts")
        form = {"name": "Added", "currency": "EUR", "timeZone": "Europe/Berlin", "plan": "standard-eur"}
        self.ask(201, "POST", "/v1/accounts", self.admin, form, Idempotency_Key="account-added")
        self.ask(409, "POST", "/v1/accounts", self.admin, {**form, "name": "x"}, Idempotency_Key="account-added")
        self.ask(400, "POST", "/v1/accounts", self.admin, {**form, "extra": 1})
        self.ask(401, "POST", "/v1/accounts", None, form)
        self.ask(403, "POST", "/v1/accounts", self.finance, form)
        self.ask(413, "POST", "/v1/accounts", self.admin, BODY_TOO_LARGE)
        self.ask(422, "POST", "/v1/accounts", self.admin, {**form, "name": "y", "timeZone": "Mars/Base"})
        self.ask(422, "POST", "/v1/accounts", self.admin, {**form, "name": "y", "currency": "USD"})
        one = f"/v1/accounts/{self.own}"
        etag = self.ask(200, "GET", one, self.customer).headers["etag"]
        self.ask(304, "GET", one, self.customer, If_None_Match=etag)
        self.ask(400, "GET", "/v1/accounts/%zz", self.customer, direct=True)
        self.ask(401, "GET", one)
        self.ask(200, "GET", one, self.reader)
        self.ask(403, "GET", one, self.intake)
        self.ask(404, "GET", f"/v1/accounts/{self.foreign}", self.customer)

    def versions(self):
        account = self.ask(200, "GET", f"/v1/accounts/{self.own}", self.admin).json
        wrong = {"profile": {"country": "Atlantis"}, "terms": {"legalEntity": "nobody"}}
        for part, other, role in (("profile", self.finance, "customer"), ("terms", self.customer, "finance")):
            path, form = f"/v1/accounts/{self.own}/{part}", account[part]
            self.ask(400, "PUT", path, self.admin, {"version": 1})
            self.ask(401, "PUT", path, None, form)
            self.ask(403, "PUT", path, other, form)
            self.ask(404, "PUT", f"/v1/accounts/{self.foreign}/{part}", self.customer, form)
            self.ask(412, "PUT", path, self.admin, form, If_Match='"of-another-time"')
            self.ask(413, "PUT", path, self.admin, BODY_TOO_LARGE)
            self.ask(422, "PUT", path, self.admin, {**form, **wrong[part]})
            whole = self.ask(200, "GET", f"/v1/accounts/{self.own}", self.admin).headers["etag"]
            changed = self.ask(200, "PUT", path, getattr(self, role), form, Idempotency_Key=f"change-{part}", If_Match=whole)
            again = self.ask(200, "PUT", path, getattr(self, role), form, Idempotency_Key=f"change-{part}", If_Match=whole)
            self.assertEqual((again.body, again.headers["etag"]), (changed.body, changed.headers["etag"]))
            self.ask(200, "PUT", path, getattr(self, role), json.loads(changed.body), If_Match=changed.headers["etag"])
            self.ask(409, "PUT", path, getattr(self, role), {**form, **wrong[part]}, Idempotency_Key=f"change-{part}")

    def bills(self):
        path = f"/v1/accounts/{self.own}/bills"
        items = self.ask(200, "GET", path, self.customer).json["items"]
        self.bill = next(one["id"] for one in items if one["state"] != "draft")
        self.draft = next(one["id"] for one in items if one["state"] == "draft")
        self.ask(200, "GET", path + "?limit=1", self.customer)
        self.ask(400, "GET", path + "?cursor=elsewhere", self.customer)
        self.ask(401, "GET", path)
        self.ask(403, "GET", path, self.intake)
        self.ask(404, "GET", f"/v1/accounts/{self.foreign}/bills", self.customer)
        one = f"{path}/{self.bill}"
        etag = self.ask(200, "GET", one, self.reader).headers["etag"]
        self.ask(304, "GET", one, self.customer, If_None_Match=etag)
        self.ask(400, "GET", f"{path}/%zz", self.customer, direct=True)
        self.ask(401, "GET", one)
        self.ask(403, "GET", one, self.intake)
        self.ask(404, "GET", f"{path}/{ABSENT}", self.customer)
        self.documents(one)
        lines = f"{one}/lines/1/events"
        page = self.ask(200, "GET", lines + "?limit=1", self.customer).json
        self.ask(200, "GET", f"{lines}?cursor={page['next']}", self.customer)
        self.ask(400, "GET", lines + "?limit=5000", self.customer)
        self.ask(401, "GET", lines)
        self.ask(403, "GET", lines, self.intake)
        self.ask(404, "GET", f"{one}/lines/999/events", self.customer)

    def documents(self, one):
        document = f"{one}/document?format="
        pdf = self.ask(200, "GET", document + "pdf", self.customer, direct=True)
        self.assertTrue(pdf.body.startswith(b"%PDF-"))
        self.assertEqual(pdf.headers["content-type"], "application/pdf")
        again = self.ask(200, "GET", document + "pdf", self.customer, direct=True)
        self.assertEqual(pdf.body, again.body)
        self.ask(304, "GET", document + "pdf", self.customer, direct=True, If_None_Match=pdf.headers["etag"])
        csv = self.ask(200, "GET", document + "csv", self.customer, direct=True)
        self.assertTrue(csv.headers["content-type"].startswith("text/csv"))
        self.ask(200, "GET", document + "json", self.customer)
        ubl = self.ask(200, "GET", document + "ubl", self.customer, direct=True)
        self.assertEqual(ubl.headers["content-type"], "application/xml")
        self.assertEqual(ubl.body, self.ask(200, "GET", document + "ubl", self.customer, direct=True).body)
        self.ask(422, "GET", f"/v1/accounts/{self.own}/bills/{self.draft}/document?format=ubl", self.customer)
        self.ask(400, "GET", document + "docx", self.customer)
        self.ask(401, "GET", document + "pdf")
        self.ask(403, "GET", document + "pdf", self.intake)
        self.ask(404, "GET", f"/v1/accounts/{self.own}/bills/{ABSENT}/document?format=pdf", self.customer)

    def people(self):
        form = {"email": "new@northlake.example", "name": "New", "grants": [{"role": "finance", "account": None}]}
        invitation = self.ask(201, "POST", "/v1/people", self.admin, form, Idempotency_Key="invite-new-1").json
        changed = {**form, "name": "Other"}
        self.ask(409, "POST", "/v1/people", self.admin, changed, Idempotency_Key="invite-new-1")
        self.ask(400, "POST", "/v1/people", self.admin, {})
        self.ask(401, "POST", "/v1/people", None, form)
        self.ask(403, "POST", "/v1/people", self.finance, form)
        self.ask(413, "POST", "/v1/people", self.admin, BODY_TOO_LARGE)
        self.ask(422, "POST", "/v1/people", self.admin, {**form, "email": "no address"})
        nowhere = [{"role": "finance", "account": ABSENT}]
        self.ask(422, "POST", "/v1/people", self.admin, {**form, "email": "x@northlake.example", "grants": nowhere})
        accept = "/v1/invitations/accept"
        self.ask(400, "POST", accept, body={}, Idempotency_Key=None)
        self.ask(401, "POST", accept, body={"token": "no-such", "password": "long enough to be one"}, Idempotency_Key=None)
        self.ask(413, "POST", accept, body=BODY_TOO_LARGE, Idempotency_Key=None)
        self.ask(422, "POST", accept, body={"token": invitation["token"], "password": "short"}, Idempotency_Key=None)
        good = {"token": invitation["token"], "password": self.demo["password"]}
        self.ask(204, "POST", accept, body=good, Idempotency_Key=None)
        newcomer = self.sign_in("new@northlake.example")
        self.ask(200, "GET", "/v1/people", newcomer)
        self.ask(400, "GET", "/v1/people?cursor=x", self.admin)
        self.ask(401, "GET", "/v1/people")
        self.ask(403, "GET", "/v1/people", self.customer)
        disable = f"/v1/people/{invitation['person']}/disable"
        self.ask(400, "POST", disable, self.admin, Idempotency_Key=None)
        self.ask(401, "POST", disable)
        self.ask(403, "POST", disable, self.finance)
        self.ask(404, "POST", f"/v1/people/{ABSENT}/disable", self.admin)
        self.ask(204, "POST", disable, self.admin)
        self.ask(409, "POST", disable, self.admin, Idempotency_Key="invite-new-1")
        mine = self.ask(200, "GET", "/v1/me", self.admin).json["person"]
        self.ask(409, "POST", f"/v1/people/{mine}/disable", self.admin)
        self.ask(401, "GET", "/v1/me", newcomer)

    def views(self):
        path = "/v1/sessions/view"
        view = self.ask(201, "POST", path, self.finance, {"account": self.own}, Idempotency_Key=None).json
        self.assertTrue(view["me"]["readOnly"])
        profile = self.ask(200, "GET", f"/v1/accounts/{self.own}", view["token"]).json["profile"]
        self.ask(403, "PUT", f"/v1/accounts/{self.own}/profile", view["token"], profile)
        self.ask(400, "POST", path, self.finance, {"account": "all"}, Idempotency_Key=None)
        self.ask(401, "POST", path, None, {"account": self.own}, Idempotency_Key=None)
        self.ask(403, "POST", path, self.customer, {"account": self.own}, Idempotency_Key=None)
        self.ask(404, "POST", path, self.admin, {"account": ABSENT}, Idempotency_Key=None)
        self.ask(413, "POST", path, self.admin, BODY_TOO_LARGE, Idempotency_Key=None)

    def service(self):
        etag = self.ask(200, "GET", "/v1/brand").headers["etag"]
        self.ask(304, "GET", "/v1/brand", If_None_Match=etag)
        self.ask(200, "GET", "/health")
        metrics = self.ask(200, "GET", "/metrics", direct=True)
        self.assertIn(b"# TYPE", metrics.body)
        self.ask(200, "GET", "/v1/plans?limit=1", self.finance)
        self.ask(400, "GET", "/v1/plans?limit=-1", self.finance)
        self.ask(401, "GET", "/v1/plans")
        self.ask(403, "GET", "/v1/plans", self.customer)

    def usage(self):
        path = "/v1/usage-events"
        event = {"account": self.own, "source": "meter", "id": "1", "meter": "calls", "sku": "", "resource": "", "project": "",
                 "start": "2026-03-16T08:00:00Z", "end": "2026-03-16T08:00:00Z", "quantity": "3"}
        batch = {"events": [event, {**event, "id": "2", "quantity": "1.5"}]}
        receipt = self.ask(200, "POST", path, self.intake, batch, Idempotency_Key="usage-batch-1").json
        self.assertEqual((receipt["accepted"], [one["row"] for one in receipt["refused"]]), (1, [2]))
        self.assertEqual(self.ask(200, "POST", path, self.intake, batch, Idempotency_Key="usage-batch-1").json, receipt)
        lines = "\n".join(json.dumps({**event, "id": str(i)}) for i in range(3)) + "\nnot JSON\n"
        receipt = self.ask(200, "POST", path, self.intake, lines.encode(), direct=True,
                           Content_Type="application/x-ndjson").json
        self.assertEqual((receipt["accepted"], receipt["repeated"]), (2, 1))
        self.assertEqual([one["row"] for one in receipt["refused"]], [4])
        self.ask(400, "POST", path, self.intake, {"events": [], "more": 1})
        self.ask(401, "POST", path, None, batch)
        self.ask(403, "POST", path, self.reader, batch)
        self.ask(409, "POST", path, self.intake, {"events": []}, Idempotency_Key="usage-batch-1")
        self.ask(413, "POST", path, self.intake, b" " * (17 * 1024 * 1024), direct=True)

    def snapshot(self, scope, token):
        """A whole snapshot, line by line against the contract; its cursor."""
        answer = self.ask(200, "GET", f"/v1/scopes/{scope}/snapshot", token, direct=True)
        self.assertEqual(answer.headers["content-type"], "application/x-ndjson")
        header, *items, end = [json.loads(line) for line in answer.body.splitlines()]
        self.assertEqual(schemas.check(self.contract, "SnapshotHeader", header), [])
        self.assertEqual(schemas.check(self.contract, "SnapshotEnd", end), [])
        for item in items:
            self.assertEqual(schemas.check(self.contract, "Item", item), [])
        self.assertEqual(header["scope"], scope)
        self.assertEqual(end["end"], len(items))
        self.assertGreater(len(items), 0, scope)
        return header["cursor"]

    def sync(self):
        events = f"events:{self.own}:{self.bill}:1"
        for scope, token in (("accounts", self.customer), ("people", self.admin), (f"bills:{self.own}", self.customer),
                             (events, self.customer), (f"history:{self.own}", self.customer),
                             ("legal-entities", self.finance)):
            cursor = self.snapshot(scope, token)
            self.ask(200, "GET", f"/v1/scopes/{scope}/changes?cursor={cursor}", token)
        for scope in ("accounts", "people", f"bills:{self.own}", f"history:{self.own}", "legal-entities"):
            self.ask(200, "GET", f"/v1/scopes/{scope}/changes?cursor=0&limit=1000", self.admin)
        for kind, query in (("snapshot", ""), ("changes", "?cursor=0")):
            self.ask(401, "GET", f"/v1/scopes/accounts/{kind}{query}", direct=True)
            self.ask(403, "GET", f"/v1/scopes/people/{kind}{query}", self.customer)
            self.ask(404, "GET", f"/v1/scopes/bills:{self.foreign}/{kind}{query}", self.customer)
            self.ask(404, "GET", f"/v1/scopes/planets/{kind}{query}", self.customer)
            self.ask(400, "GET", f"/v1/scopes/%zz/{kind}{query}", self.customer, direct=True)
        self.ask(400, "GET", "/v1/scopes/accounts/changes", self.customer)
        self.ask(409, "GET", f"/v1/scopes/accounts/changes?cursor={ABSENT}", self.customer)

    def live_events(self):
        self.ask(400, "GET", "/v1/events?since=1", self.admin)
        self.ask(401, "GET", "/v1/events")
        connection = daemon.http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", "/v1/events", headers={"Authorization": f"Bearer {self.admin}"})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.getheader("Content-Type"), "text/event-stream")
        form = {"name": "Heard of", "currency": "USD", "timeZone": "UTC", "plan": "standard"}
        self.ask(201, "POST", "/v1/accounts", self.admin, form)
        seen = b""
        while b"event: change\ndata: " not in seen.replace(b"event:change", b"event: change"):
            line = answer.readline()
            self.assertNotEqual(line, b"", f"the stream ended: {seen!r}")
            seen += line
        self.met.add(("GET", "/v1/events", 200))

    def too_many(self):
        wrong = {"email": "guessed@northlake.example", "password": "a guess"}
        for _ in range(200):
            answer = daemon.request(self.server.port, "POST", "/v1/sessions", body=wrong)
            if answer.status == 429:
                break
        answer = self.ask(429, "POST", "/v1/sessions", body=wrong, Idempotency_Key=None)
        self.assertIn("retry-after", answer.headers)

    def test_every_declared_answer_is_met_and_none_leaves_the_contract(self):
        self.sessions()
        self.tokens()
        self.accounts()
        self.versions()
        self.bills()
        self.people()
        self.views()
        self.service()
        self.usage()
        self.sync()
        self.live_events()
        self.too_many()
        declared = {
            (method.upper(), template, int(status))
            for template, operations in self.contract["paths"].items()
            for method, operation in operations.items()
            for status in operation["responses"]
        }
        unmet = sorted(declared - self.met)
        print("declared answers that no call met:", *unmet, sep="\n  ")
        self.assertEqual([one for one in unmet if one[2] not in EXCUSED_STATUSES], [])
        self.assertLessEqual(set(EXCUSED_STATUSES), {status for _, _, status in declared}, "needless excuses")

    def test_golden_examples_fit_their_schemas(self):
        files = sorted((daemon.ROOT / "core/contract/examples").glob("*.json"))
        self.assertGreater(len(files), 30)
        for file in files:
            self.assertEqual(schemas.check(self.contract, file.stem, json.loads(file.read_text())), [], file.name)


class Lint(unittest.TestCase):
    def test_the_contract_is_sound(self):
        done = subprocess.run(
            ["npx", "--no-install", "redocly", "lint", schemas.CONTRACT, "--format=json"],
            cwd=daemon.ROOT, capture_output=True, text=True, timeout=240, env={**os.environ, "REDOCLY_TELEMETRY": "off"},
        )
        self.assertIn("{", done.stdout, f"redocly of package.json is needed (npm ci): {done.stderr}")
        report = json.loads(done.stdout[done.stdout.index("{"):])
        found = {(one["ruleId"], one["location"][0]["pointer"]): one["message"] for one in report["problems"]}
        self.assertEqual({key: text for key, text in found.items() if key not in LINT_ALLOWED}, {})
        self.assertEqual([key for key in LINT_ALLOWED if key not in found], [], "needless allowances")


if __name__ == "__main__":
    unittest.main()
