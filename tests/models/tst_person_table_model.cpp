#include "models/person_table_model.h"
#include "tests/models/model_rows.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <memory>

using namespace quittance;
using namespace quittance::testing;
using models::PersonTableModel;

namespace {

std::vector<PersonItem> threePeople()
{
    return {
        { 1, "Abe", "abe@lake.example", false, true, { { Role::Admin, std::nullopt } } },
        { 2,
          "Cleo",
          "cleo@acme.example",
          false,
          false,
          { { Role::Customer, 7 }, { Role::Customer, 8 } } },
        { 3, "Ben", "ben@lake.example", true, true, { { Role::Finance, std::nullopt } } },
    };
}

} // namespace

class PersonTableModelTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_model = std::make_unique<PersonTableModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest
        );
        m_model->setPeople(threePeople(), { { 7, QStringLiteral("Acme") } });
    }

    void rowsReadAsAPersonWould()
    {
        QCOMPARE(headerText(*m_model), QStringLiteral("Name | E-mail | Roles | State"));
        const QStringList expected {
            QStringLiteral("Abe | abe@lake.example | Admin | Active"),
            QStringLiteral("Cleo | cleo@acme.example | Customer of Acme, Customer of account 8 | "
                           "Invited"),
            QStringLiteral("Ben | ben@lake.example | Finance | Disabled"),
        };
        QCOMPARE(rowTexts(*m_model), expected);
    }

    void rolesNameARowAndItsState()
    {
        QCOMPARE(m_model->index(1, 0).data(PersonTableModel::KeyRole).toLongLong(), 2);
        QVERIFY(!m_model->index(1, 0).data(PersonTableModel::JoinedRole).toBool());
        QVERIFY(m_model->index(2, 0).data(PersonTableModel::DisabledRole).toBool());
        QCOMPARE(m_model->personAt(2)->email, std::string("ben@lake.example"));
        QVERIFY(m_model->personAt(3) == nullptr);
        QVERIFY(m_model->personAt(-1) == nullptr);
    }

    void sortsByEveryColumnAndStaysSorted_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("ascending");
        QTest::addColumn<QString>("descending");
        const auto row = [](const char* name, PersonTableModel::Column column,
                            const char* ascending, const char* descending) {
            QTest::newRow(name) << int { column } << QString::fromLatin1(ascending)
                                << QString::fromLatin1(descending);
        };
        row("name", PersonTableModel::Name, "Abe Ben Cleo", "Cleo Ben Abe");
        row("e-mail", PersonTableModel::Email, "Abe Ben Cleo", "Cleo Ben Abe");
        row("roles", PersonTableModel::Roles, "Abe Cleo Ben", "Ben Cleo Abe");
        row("state", PersonTableModel::State, "Abe Ben Cleo", "Cleo Ben Abe");
    }
    void sortsByEveryColumnAndStaysSorted()
    {
        QFETCH(int, column);
        QFETCH(QString, ascending);
        QFETCH(QString, descending);
        m_model->sort(column, Qt::AscendingOrder);
        QCOMPARE(columnText(*m_model, PersonTableModel::Name), ascending);
        m_model->sort(column, Qt::DescendingOrder);
        QCOMPARE(columnText(*m_model, PersonTableModel::Name), descending);
        m_model->setPeople(threePeople(), {});
        QCOMPARE(columnText(*m_model, PersonTableModel::Name), descending);
    }

private:
    std::unique_ptr<PersonTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_GUILESS_MAIN(PersonTableModelTest)
#include "tst_person_table_model.moc"
