"""Every include goes from a room to one that it may know, and is written from the root of the project."""

import re
import unittest

import layout
import project

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]')
MADE_BY_MOC = re.compile(r"^(\w+\.moc|moc_\w+\.cpp)$")
QT_HEADER = re.compile(r"^(Q[A-Z]\w*|Qt[A-Z]\w*/.*|qt6keychain/.*)$")


def wrong_arrow(name, quote, included):
    """What is wrong with this include of this file, or None."""
    ours = included.split("/")[0] in layout.TOP_ROOMS and "/" in included
    if not ours:
        if quote == "<":
            without = QT_HEADER.match(included) and layout.is_without_qt(name)
            return f"<{included}> is Qt, and this room is built without it" if without else None
        if MADE_BY_MOC.match(included):
            return None
        return f'"{included}" is not written from the root'
    if quote == "<":
        return f'<{included}> is ours: write it with ""'
    if not layout.may_include(name, included):
        return f'"{included}" may not be included from {layout.room_of(name) or "a room that the layout does not name"}'
    return None


def wrong_arrows(name, text):
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        problem = match and wrong_arrow(name, *match.groups())
        if problem:
            yield f"{name}:{number}: {problem}"


class Includes(unittest.TestCase):
    maxDiff = None

    def test_go_only_where_the_layout_allows(self):
        names = project.sources()
        self.assertGreater(len(names), 10, "the project's sources were not found")
        found = [problem for name in names for problem in wrong_arrows(name, project.read(name))]
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_every_source_lies_in_a_room(self):
        homeless = [name for name in project.sources() if layout.room_of(name) is None]
        self.assertFalse(homeless, "the layout names no room for these")

    def test_planted_wrong_arrows_are_named(self):
        planted = [
            ("core/domain/bill.cpp", '#include "core/database/database.h"'),
            ("core/database/sqlite/sqlite.cpp", '#include "core/domain/bill.h"'),
            ("core/formats/csv.cpp", '#include "core/contract/codec.h"'),
            ("backend/journal/journal.h", '#include "backend/ledger/ledger.h"'),
            ("backend/pricing/plans.cpp", '#include "backend/billing/bill_run.h"'),
            ("backend/billing/bill_run.cpp", '  #  include "backend/api/routes.h"'),
            ("backend/billing/bill_run.cpp", '#include "core/http/client.h"'),
            ("backend/usage/intake.cpp", '#include "client/store/store.h"'),
            ("backend/usage/intake.cpp", "#include <QString>"),
            ("client/sync/sync.cpp", '#include "client/transport/http_transport.h"'),
            ("client/ports/bill_port.h", '#include "client/services/service.h"'),
            ("models/bill_table_model.cpp", '#include "client/ports/bill_port.h"'),
            ("ui/bills/bills_page.cpp", '#include "client/store/store.h"'),
            ("ui/bills/bills_page.cpp", '#include "bills_page.h"'),
            ("ui/bills/bills_page.cpp", '#include "../widgets/table.h"'),
            ("sandbox/gateway/gateway.cpp", '#include "backend/payments/payments.h"'),
            ("app/console/main.cpp", '#include "backend/usage/intake.h"'),
            ("app/daemon/main.cpp", '#include "ui/shell/main_window.h"'),
            ("core/domain/money.cpp", '#include "tests/support/tables.h"'),
            ("core/domain/money.cpp", "#include <core/domain/money.h>"),
            ("elsewhere/thing.cpp", '#include "core/domain/money.h"'),
        ]
        for name, line in planted:
            with self.subTest(name=name, line=line):
                found = list(wrong_arrows(name, "#pragma once\n\n" + line + "\n"))
                self.assertEqual(len(found), 1)
                self.assertTrue(found[0].startswith(f"{name}:3: "), found[0])

    def test_right_arrows_are_allowed(self):
        right = [
            ("core/domain/rating/rating.cpp", '#include "core/domain/money.h"'),
            ("core/database/database.h", '#include "core/domain/result.h"'),
            ("backend/billing/bill_run.cpp", '#include "backend/usage/rollups.h"'),
            ("backend/payments/providers/card_provider.cpp", '#include "core/http/client.h"'),
            ("backend/ledger/ledger.cpp", '#include "backend/journal/journal.h"'),
            ("ui/bills/bills_page.cpp", '#include "client/ports/bill_port.h"'),
            ("ui/bills/bills_page.cpp", "#include <QTableView>"),
            ("tests/ui/tst_bills_page.cpp", '#include "tst_bills_page.moc"'),
            ("ui/bills/bills_page.cpp", '#include "moc_bills_page.cpp"'),
            ("sandbox/demo/demo.cpp", '#include "backend/billing/bill_run.h"'),
            ("app/daemon/commands/demo.cpp", '#include "sandbox/demo/demo.h"'),
        ]
        for name, line in right:
            with self.subTest(name=name, line=line):
                self.assertEqual(list(wrong_arrows(name, line)), [])

    def test_features_stand_in_their_order(self):
        for place, earlier in enumerate(layout.FEATURES):
            for later in layout.FEATURES[place + 1 :]:
                self.assertTrue(layout.may_include(later + "/a.cpp", earlier + "/b.h"))
                self.assertFalse(layout.may_include(earlier + "/a.cpp", later + "/b.h"))

    def test_console_and_backend_never_know_each_other(self):
        for here, there in ((layout.CONSOLE_SIDE, layout.BACKEND_SIDE), (layout.BACKEND_SIDE, layout.CONSOLE_SIDE)):
            for room in layout.MAY_INCLUDE:
                if any(layout.lies_in(room, side) for side in here):
                    for other in there:
                        self.assertFalse(layout.may_include(room + "/a.cpp", other + "/b.h"), (room, other))


if __name__ == "__main__":
    unittest.main()
