#include "models/bill_table_model.h"
#include "models/line_event_model.h"
#include "tests/ui/flows/flow_test.h"
#include "ui/bills/bill_detail.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QFile>
#include <QHeaderView>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>

#include <algorithm>
#include <functional>
#include <limits>
#include <tuple>
#include <utility>

using namespace quittance;
using namespace quittance::flows;
using models::BillTableModel;

namespace {

QString amountOf(const QJsonObject& money)
{
    return money.value(QStringLiteral("amount")).toString();
}

/// A decimal with up to nine digits after the point, exact.
qint64 nanos(const QString& decimal)
{
    const QStringList parts = decimal.split(QLatin1Char('.'));
    const QString fraction = parts.value(1).leftJustified(9, QLatin1Char('0'));
    return QString(parts.value(0) + fraction).toLongLong();
}

/// What a column sorts by, told by the bill alone. A tuple, so that words and numbers can stand.
using SortKey = std::tuple<std::string, std::int64_t>;
using KeyOf = std::function<SortKey(const BillSummary&)>;

KeyOf number(std::int64_t (*valueOf)(const BillSummary&))
{
    return [valueOf](const BillSummary& bill) { return SortKey(std::string(), valueOf(bill)); };
}

constexpr std::int64_t notYet = std::numeric_limits<std::int64_t>::max();

struct SortedColumn {
    const char* name;
    int column;
    KeyOf keyOf;
};

std::vector<SortedColumn> sortedColumns()
{
    return {
        { "number", BillTableModel::Number,
          [](const BillSummary& bill) { return SortKey(bill.number, 0); } },
        { "account", BillTableModel::Account,
          [](const BillSummary& bill) { return SortKey(bill.accountName, 0); } },
        { "period", BillTableModel::Period,
          number([](const BillSummary& bill) { return bill.period.begin.micros; }) },
        { "issued", BillTableModel::Issued, number([](const BillSummary& bill) {
              return bill.issued ? std::int64_t { bill.issued->days } : notYet;
          }) },
        { "total", BillTableModel::Total,
          number([](const BillSummary& bill) { return bill.total.minor; }) },
        { "open", BillTableModel::Open,
          number([](const BillSummary& bill) { return bill.open.minor; }) },
    };
}

} // namespace

class BillsFlow : public FlowTest {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_demo.make());
        startBackend();
        m_listed = m_backend->list({ QStringLiteral("bill"), QStringLiteral("list") });
        QCOMPARE(m_listed.size(), 9);
    }
    void init()
    {
        openConsole();
        signInAndShowBills();
    }
    void cleanup() { m_session.reset(); }
    void cleanupTestCase() { m_backend.reset(); }

    void theListIsTheBackends()
    {
        for (int row = 0; row < bills().model()->rowCount(); ++row) {
            const QJsonObject bill = listedBill(
                csv(row, BillTableModel::Number), csv(row, BillTableModel::Account), row
            );
            QCOMPARE(
                csv(row, BillTableModel::Total),
                amountOf(bill.value(QStringLiteral("total")).toObject())
            );
            QCOMPARE(
                csv(row, BillTableModel::Issued), bill.value(QStringLiteral("issued")).toString()
            );
            QCOMPARE(csv(row, BillTableModel::Due), bill.value(QStringLiteral("due")).toString());
        }
    }

    void searchFindsByAnyWordAndClears()
    {
        const QString number = anyNumber();
        type(search(), number);
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 1);
        QCOMPARE(columnTexts(bills(), BillTableModel::Number), QStringList { number });
        type(search(), QStringLiteral("kite"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 3);
        QCOMPARE(
            columnTexts(bills(), BillTableModel::Account),
            QStringList(3, QStringLiteral("Kite Robotics"))
        );
        type(search(), QStringLiteral("no such bill"));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 0);
        QVERIFY(says(bills(), QStringLiteral("No bill matches")));
        QTest::keyClick(search(), Qt::Key_Escape);
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
        // The window's field finds the same from another page.
        m_session->showPage(QStringLiteral("Costs"));
        QTest::keyClick(&m_session->window(), Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(QApplication::focusWidget(), number);
        FLOW_TRY(
            table(m_session->window(), QStringLiteral("bills")) != nullptr
            && bills().model()->rowCount() == 1
        );
    }

    void filterShowsOneStateOnly_data()
    {
        QTest::addColumn<QString>("choice");
        QTest::addColumn<QStringList>("states");
        QTest::newRow("draft") << "draft" << QStringList { QStringLiteral("Draft") };
        QTest::newRow("overdue") << "overdue" << QStringList { QStringLiteral("Overdue") };
        QTest::newRow("to be paid")
            << "to be paid"
            << QStringList { QStringLiteral("Overdue"), QStringLiteral("Due soon"),
                             QStringLiteral("Open") };
    }
    void filterShowsOneStateOnly()
    {
        QFETCH(QString, choice);
        QFETCH(QStringList, states);
        const QStringList all = columnTexts(bills(), BillTableModel::State);
        const auto expected = std::count_if(all.begin(), all.end(), [&](const QString& state) {
            return states.contains(state);
        });
        QVERIFY(expected > 0 && expected < all.size());
        QVERIFY(pick(picker(m_session->window(), QStringLiteral("State")), choice));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), static_cast<int>(expected));
        for (const QString& state : columnTexts(bills(), BillTableModel::State))
            QVERIFY2(states.contains(state), qPrintable(state));
        QVERIFY(pick(picker(m_session->window(), QStringLiteral("State")), QStringLiteral("paid")));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 0);
        QVERIFY(pick(picker(m_session->window(), QStringLiteral("State")), QStringLiteral("any")));
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
    }

    void everyHeaderSorts_data()
    {
        QTest::addColumn<int>("row");
        const auto columns = sortedColumns();
        for (std::size_t i = 0; i < columns.size(); ++i)
            QTest::newRow(columns[i].name) << static_cast<int>(i);
    }
    void everyHeaderSorts()
    {
        QFETCH(int, row);
        const SortedColumn column = sortedColumns()[static_cast<std::size_t>(row)];
        for (int press = 0; press < 2; ++press) {
            QVERIFY(pressHeader(bills(), column.column));
            const QHeaderView* header = bills().horizontalHeader();
            QCOMPARE(header->sortIndicatorSection(), column.column);
            const bool ascending = header->sortIndicatorOrder() == Qt::AscendingOrder;
            FLOW_TRY(isSorted(column.keyOf, ascending));
        }
    }

    // Both have an order of their own: what has no due day stands last either way, and states stand
    // together.
    void dueAndStateSort()
    {
        for (int press = 0; press < 2; ++press) {
            QVERIFY(pressHeader(bills(), BillTableModel::Due));
            const bool ascending
                = bills().horizontalHeader()->sortIndicatorOrder() == Qt::AscendingOrder;
            FLOW_TRY(isSorted(
                number([](const BillSummary& bill) {
                    return bill.due ? std::int64_t { bill.due->days } : 0;
                }),
                ascending, 6
            ));
            QCOMPARE(
                columnTexts(bills(), BillTableModel::State).mid(6),
                QStringList(3, QStringLiteral("Draft"))
            );
        }
        QVERIFY(pressHeader(bills(), BillTableModel::State));
        FLOW_TRY(statesStandTogether());
        const QStringList once = columnTexts(bills(), BillTableModel::State);
        QVERIFY(pressHeader(bills(), BillTableModel::State));
        FLOW_TRY(columnTexts(bills(), BillTableModel::State) != once);
        FLOW_TRY(statesStandTogether());
    }

    void columnsAndOrderOutliveTheWindow()
    {
        QVERIFY(press(m_session->window(), QStringLiteral("Columns")));
        QVERIFY(chooseInMenu(QStringLiteral("Due")));
        QVERIFY(bills().isColumnHidden(BillTableModel::Due));
        QVERIFY(pressHeader(bills(), BillTableModel::Account));
        // Of one account's bills, whose they are needs no column; that is nobody's choice.
        ui::Picker* accounts = m_session->window().accountPicker();
        QVERIFY(pick(accounts, QStringLiteral("Kite Robotics")));
        FLOW_TRY(bills().isColumnHidden(BillTableModel::Account));
        QVERIFY(press(m_session->window(), QStringLiteral("Columns")));
        QVERIFY(chooseInMenu(QStringLiteral("Period")));
        m_session->close();
        QVERIFY(m_session->open());
        // No keychain kept the session: what is stored shows, and a person asks to sign in.
        FLOW_TRY(says(m_session->window(), QStringLiteral("You are signed out")));
        QVERIFY(press(m_session->window(), QStringLiteral("Sign in")));
        signInAndShowBills();
        QVERIFY(bills().isColumnHidden(BillTableModel::Due));
        QVERIFY(bills().isColumnHidden(BillTableModel::Period));
        QVERIFY(!bills().isColumnHidden(BillTableModel::Account));
        QCOMPARE(
            bills().horizontalHeader()->sortIndicatorSection(), int { BillTableModel::Account }
        );
        const bool ascending
            = bills().horizontalHeader()->sortIndicatorOrder() == Qt::AscendingOrder;
        FLOW_TRY(isSorted(sortedColumns()[1].keyOf, ascending));
    }

    void copyTakesTheChosenRows()
    {
        QVERIFY(pressRow(bills(), 3));
        const QString number = columnTexts(bills(), BillTableModel::Number).at(3);
        bills().setFocus();
        QTest::keyClick(&bills(), Qt::Key_C, Qt::ControlModifier);
        const QMimeData* copied = QApplication::clipboard()->mimeData();
        QVERIFY(copied->text().startsWith(number + QLatin1Char('\t')));
        const QByteArray csvText = copied->data(QStringLiteral("text/csv"));
        QVERIFY(csvText.startsWith("Number,Account,Period,"));
        QCOMPARE(csvText.count("\r\n"), 2);
        QVERIFY(chooseInContextMenu(bills(), 4, QStringLiteral("Copy number")));
        QCOMPARE(
            QApplication::clipboard()->text(), columnTexts(bills(), BillTableModel::Number).at(4)
        );
    }

    void keysOpenAndCloseABill()
    {
        ui::BillDetail* detail = m_session->console().bills().detail();
        search()->setFocus();
        QTest::keyClick(search(), Qt::Key_Down);
        QVERIFY(bills().hasFocus());
        for (int i = 0; i < 4; ++i)
            QTest::keyClick(&bills(), Qt::Key_Down);
        FLOW_TRY(detail->isVisible());
        const int row = bills().selectedRows().value(0, -1);
        QCOMPARE(row, 4);
        FLOW_TRY(says(*detail, QStringLiteral("Bill ") + csv(row, BillTableModel::Number)));
        QTest::keyClick(&bills(), Qt::Key_Escape);
        QVERIFY(!detail->isVisible());
        QVERIFY(bills().hasFocus());
        QTest::keyClick(&bills(), Qt::Key_Return);
        FLOW_TRY(detail->isVisible());
    }

    void aBillOpensDownToItsEvents()
    {
        const QString number = openIssuedBill();
        const QJsonObject line = firstLineOf(number);
        QVERIFY(!says(detail(), QStringLiteral("Rounded half-even, once a line")));
        FLOW_TRY(pressLine(detail(), 1));
        QVERIFY(says(detail(), QStringLiteral("Rounded half-even, once a line")));
        QVERIFY(says(detail(), QStringLiteral("Exact amount")));
        const auto shownAmount = [&](const QString& key) {
            return line.value(key).toString().remove(QLatin1Char(','));
        };
        QVERIFY2(
            visibleFigures(detail()).contains(shownAmount(QStringLiteral("exact"))),
            qPrintable(shownAmount(QStringLiteral("exact")))
        );
        QVERIFY(visibleFigures(detail()).contains(shownAmount(QStringLiteral("rounding"))));
        QVERIFY(visibleFigures(detail()).contains(
            amountOf(line.value(QStringLiteral("amount")).toObject())
        ));

        QVERIFY(press(detail(), QStringLiteral("Usage events")));
        ui::TableView* events = table(detail(), QStringLiteral("events"));
        QVERIFY(events != nullptr);
        FLOW_TRY(says(detail(), QStringLiteral("Events on this computer: ")));
        FLOW_TRY(events->model()->rowCount() > 0);
        // Their shares are the line's quantity, to the last digit.
        FLOW_TRY(
            sumOfShares(*events) == nanos(line.value(QStringLiteral("meterQuantity")).toString())
        );
        QVERIFY(press(detail(), QStringLiteral("Back to the lines")));
        QVERIFY(table(detail(), QStringLiteral("events")) == nullptr);
        QVERIFY(says(detail(), QStringLiteral("Exact amount")));
    }

    void documentsAreTheArchivedBytes_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("pdf") << "pdf"
                             << "PDF" << QByteArray("%PDF-");
        QTest::newRow("csv") << "csv"
                             << "CSV" << QByteArray("kind,bill,line,");
    }
    void documentsAreTheArchivedBytes()
    {
        QFETCH(QString, format);
        QFETCH(QString, words);
        QFETCH(QByteArray, begin);
        const QString number = openIssuedBill();
        m_session->nextFile = m_session->file(QStringLiteral("saved.") + format);
        QVERIFY(press(detail(), words));
        FLOW_TRY(says(detail(), QStringLiteral("Saved as ") + m_session->nextFile));
        QCOMPARE(m_session->suggestedFile, QString(number + QLatin1Char('.') + format));
        const QByteArray saved = contentOf(m_session->nextFile);
        QVERIFY2(saved.startsWith(begin), saved.left(40).constData());
        QCOMPARE(saved, m_backend->exported(number, format));
        // Somebody who changes their mind saves nothing, and where nothing can be written it is
        // said.
        m_session->nextFile.clear();
        QVERIFY(press(detail(), words));
        m_session->nextFile = m_session->file(QStringLiteral("no/such/folder/bill.") + format);
        QVERIFY(press(detail(), words));
        FLOW_TRY(says(detail(), QStringLiteral("Could not save ") + m_session->nextFile));
    }

    void theContextMenuSavesABillThatWasNotOpenYet()
    {
        const int row = 4;
        const QString number = csv(row, BillTableModel::Number);
        m_session->nextFile = m_session->file(QStringLiteral("menu.pdf"));
        QVERIFY(chooseInContextMenu(bills(), row, QStringLiteral("Save as PDF")));
        FLOW_TRY(QFile::exists(m_session->nextFile));
        QCOMPARE(
            contentOf(m_session->nextFile), m_backend->exported(number, QStringLiteral("pdf"))
        );
    }

    void theListIsExported()
    {
        m_session->nextFile = m_session->file(QStringLiteral("bills.csv"));
        QVERIFY(press(m_session->window(), QStringLiteral("Export list")));
        FLOW_TRY(says(m_session->window(), QStringLiteral("Saved as ")));
        const QList<QByteArray> lines = contentOf(m_session->nextFile).trimmed().split('\n');
        QCOMPARE(lines.size(), 10);
        for (const auto& bill : std::as_const(m_listed)) {
            const QByteArray total
                = amountOf(bill.toObject().value(QStringLiteral("total")).toObject()).toUtf8();
            QVERIFY2(
                contentOf(m_session->nextFile).contains(QByteArray(',' + total + ',')),
                total.constData()
            );
        }
        m_session->nextFile = m_session->file(QStringLiteral("no/such/folder/bills.csv"));
        QVERIFY(press(m_session->window(), QStringLiteral("Export list")));
        FLOW_TRY(says(m_session->window(), QStringLiteral("Could not save ")));
    }

private:
    void signInAndShowBills()
    {
        signIn(m_demo.adminEmail());
        m_session->showPage(QStringLiteral("Bills"));
        FLOW_TRY(table(m_session->window(), QStringLiteral("bills")) != nullptr);
        FLOW_TRY_COMPARE(bills().model()->rowCount(), 9);
    }
    [[nodiscard]] QLineEdit* search()
    {
        return m_session->window().findChild<QLineEdit*>(QStringLiteral("billSearch"));
    }
    [[nodiscard]] QString csv(int row, int column)
    {
        return bills().model()->index(row, column).data(BillTableModel::CsvRole).toString();
    }
    [[nodiscard]] const BillSummary* billAt(int row)
    {
        return static_cast<const BillTableModel*>(bills().model())->billAt(row);
    }
    [[nodiscard]] QString anyNumber()
    {
        return csv(bills().model()->rowCount() - 1, BillTableModel::Number);
    }

    /// By number; a draft by its account, of which each has one.
    [[nodiscard]] QJsonObject listedBill(const QString& number, const QString& account, int row)
    {
        const auto found
            = std::find_if(m_listed.cbegin(), m_listed.cend(), [&](const QJsonValue& value) {
                  const QJsonObject bill = value.toObject();
                  return bill.value(QStringLiteral("number")).toString() == number
                      && bill.value(QStringLiteral("account")).toString() == account;
              });
        if (found == m_listed.cend())
            qWarning("row %d is no bill of the backend", row);
        return found == m_listed.cend() ? QJsonObject() : (*found).toObject();
    }
    [[nodiscard]] bool isSorted(const KeyOf& keyOf, bool ascending, int rows = 9)
    {
        if (bills().model()->rowCount() != 9)
            return false;
        for (int row = 1; row < rows; ++row) {
            const SortKey before = keyOf(*billAt(row - 1));
            const SortKey here = keyOf(*billAt(row));
            if (ascending ? here < before : before < here)
                return false;
        }
        return true;
    }
    [[nodiscard]] bool statesStandTogether()
    {
        QStringList runs;
        for (const QString& state : columnTexts(bills(), BillTableModel::State))
            if (runs.isEmpty() || runs.constLast() != state)
                runs.append(state);
        return runs.size() > 1 && runs.removeDuplicates() == 0;
    }
    /// The last row is the oldest bill; its number.
    [[nodiscard]] QString openIssuedBill()
    {
        const int row = bills().model()->rowCount() - 1;
        QString number = csv(row, BillTableModel::Number);
        pressRow(bills(), row);
        if (!QTest::qWaitFor(
                [&] { return says(detail(), QStringLiteral("Bill ") + number); }, 30'000
            ))
            qWarning("bill %s does not open", qPrintable(number));
        return number;
    }
    [[nodiscard]] QJsonObject firstLineOf(const QString& number)
    {
        const auto text = m_backend->run({ QStringLiteral("bill"), QStringLiteral("show"), number,
                                           QStringLiteral("--json") });
        const QJsonObject bill = QJsonDocument::fromJson(text.value_or(QByteArray())).object();
        return bill.value(QStringLiteral("lines")).toArray().first().toObject();
    }
    /// The words of all visible labels, without grouping of digits.
    [[nodiscard]] static QStringList visibleFigures(const QWidget& in)
    {
        QStringList figures;
        for (const QLabel* label : in.findChildren<QLabel*>())
            if (label->isVisible())
                figures.append(
                    label->text().remove(QLatin1Char(',')).replace(QChar(0x2212), QLatin1Char('-'))
                );
        return figures;
    }
    [[nodiscard]] static qint64 sumOfShares(const ui::TableView& events)
    {
        qint64 sum = 0;
        for (int row = 0; row < events.model()->rowCount(); ++row)
            sum += nanos(events.model()
                             ->index(row, models::LineEventModel::Share)
                             .data(models::LineEventModel::CsvRole)
                             .toString());
        return sum;
    }

    QJsonArray m_listed;
};

int main(int argc, char** argv)
{
    return runFlow<BillsFlow>(argc, argv);
}

#include "tst_bills_flow.moc"
