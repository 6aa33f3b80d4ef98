#include "core/domain/result.h"
#include "tests/ui/widgets/gallery.h"
#include "ui/shell/main_window.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/view_memory.h"

#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace quittance::ui;

class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_window = std::make_unique<MainWindow>(&m_memory);
        m_overview = new gallery::OverviewPage;
        m_parts = new gallery::PartsPage;
        m_window->addPage({ QStringLiteral("overview"), Icon::Overview, {}, m_overview });
        m_window->addPage({ QStringLiteral("parts"), Icon::Costs, QStringLiteral("Finance"),
                            m_parts });
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    void digitsShowPages()
    {
        QSignalSpy shown(m_window.get(), &MainWindow::pageShown);
        QCOMPARE(m_window->currentPageId(), QStringLiteral("overview"));
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), m_parts);
        QTest::keyClick(m_window.get(), Qt::Key_9, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), m_parts);
        QCOMPARE(shown.count(), 1);
        // A page that is not for this person has no number.
        m_window->setPageShown(QStringLiteral("overview"), false);
        QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), m_parts);
    }

    void hidingTheShownPageShowsAnother()
    {
        m_window->setPageShown(QStringLiteral("overview"), false);
        QCOMPARE(m_window->currentPageId(), QStringLiteral("parts"));
    }

    void findGoesToThePageThatCanSearch()
    {
        m_window->setFindPage(QStringLiteral("parts"));
        QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(m_window->findField()->hasFocus());
        QTest::keyClicks(m_window->findField(), QStringLiteral("1187"));
        QTRY_COMPARE(m_parts->lastFind, QStringLiteral("1187"));
        QCOMPARE(m_window->currentPage(), m_parts);
        QTest::keyClick(m_window->findField(), Qt::Key_Escape);
        QVERIFY(m_window->findField()->text().isEmpty());
        QTRY_VERIFY(m_parts->lastFind.isEmpty());
    }

    void escapeClosesTheDetail()
    {
        m_window->showPage(QStringLiteral("parts"));
        m_parts->detailOpen = true;
        m_parts->findChild<QLineEdit*>()->setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QVERIFY(!m_parts->detailOpen);
    }

    void keysAndBarsSayWhatThePersonWants()
    {
        const QSignalSpy sync(m_window.get(), &MainWindow::syncRequested);
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QCOMPARE(sync.count(), 1);
        auto* offline = m_window->findChild<OfflineBar*>();
        QVERIFY(!offline->isVisible());
        m_window->setOffline(MainWindow::OfflineTexts { QStringLiteral("Offline"), {}, {} });
        QVERIFY(offline->isVisible());
        QCOMPARE(offline->height(), quittance::ui::size::offlineBar);
        QTest::mouseClick(offline->findChild<LinkButton*>(), Qt::LeftButton);
        QCOMPARE(sync.count(), 2);
        m_window->setOffline({});
        QVERIFY(!offline->isVisible());
        const QSignalSpy cancel(m_window.get(), &MainWindow::cancelRequested);
        m_window->progress()->setTask(QStringLiteral("Loading"), 0, 0, true);
        QTest::mouseClick(m_window->progress()->findChild<LinkButton*>(), Qt::LeftButton);
        QCOMPARE(cancel.count(), 1);
    }

    void crumbsLeadBack()
    {
        m_window->showPage(QStringLiteral("parts"));
        for (auto* link : m_window->findChildren<LinkButton*>())
            if (link->text() == QLatin1String("All costs"))
                QTest::mouseClick(link, Qt::LeftButton);
        QCOMPARE(m_parts->lastCrumb, QStringLiteral("all"));
    }

    void sizeIsRememberedAndNeverTooSmall()
    {
        QCOMPARE(m_window->minimumSize(), QSize(1024, 700));
        m_window->resize(1111, 777);
        m_window->close();
        const MainWindow again(&m_memory);
        QCOMPARE(again.size(), QSize(1111, 777));
    }

    void pickersChooseByKeyboard()
    {
        std::vector<Picker::Choice> choices;
        choices.reserve(40);
        for (int i = 0; i < 40; ++i)
            choices.push_back({ QString::number(i), QStringLiteral("Account %1").arg(i), {} });
        auto* picker = m_window->accountPicker();
        picker->setChoices(choices);
        QCOMPARE(picker->current(), QStringLiteral("0"));
        QSignalSpy chosen(picker, &Picker::chosen);
        picker->setFocus();
        QTest::keyClick(picker, Qt::Key_Down);
        auto* list = picker->findChild<QListView*>();
        QVERIFY(list != nullptr);
        auto* search = list->window()->findChild<SearchField*>();
        QTest::keyClicks(search, QStringLiteral("account 27"));
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QTest::keyClick(search, Qt::Key_Return);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.at(0).at(0).toString(), QStringLiteral("27"));
        QCOMPARE(picker->valueText(), QStringLiteral("Account 27"));
        QCOMPARE(picker->accessibleName(), QStringLiteral("Account: Account 27"));
    }

    void signInSaysWhatIsMissing_data()
    {
        QTest::addColumn<QString>("server");
        QTest::addColumn<QString>("email");
        QTest::addColumn<QString>("password");
        QTest::addColumn<bool>("asks");
        QTest::newRow("complete") << "https://billing.example.com"
                                  << "ines@example.com"
                                  << " pass " << true;
        QTest::newRow("loopback") << "http://127.0.0.1:8420"
                                  << "ines@example.com"
                                  << "p" << true;
        QTest::newRow("no scheme") << "billing.example.com"
                                   << "ines@example.com"
                                   << "p" << false;
        QTest::newRow("file") << "file:///etc/passwd"
                              << "ines@example.com"
                              << "p" << false;
        QTest::newRow("no domain") << "https://billing.example.com"
                                   << "ines@"
                                   << "p" << false;
        QTest::newRow("no password") << "https://billing.example.com"
                                     << "ines@example.com"
                                     << "" << false;
    }
    void signInSaysWhatIsMissing()
    {
        QFETCH(QString, server);
        QFETCH(QString, email);
        QFETCH(QString, password);
        QFETCH(bool, asks);
        m_window->showSignIn();
        auto* page = m_window->signIn();
        QSignalSpy asked(page, &SignInPage::signInRequested);
        page->setServer(server);
        page->setEmail(email);
        QLineEdit* edit = field("Password");
        QCOMPARE(edit->echoMode(), QLineEdit::Password);
        edit->setText(password);
        edit->setFocus();
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(asked.count(), asks ? 1 : 0);
        if (asks)
            QCOMPARE(asked.at(0), (QVariantList { server, email, password }));
        else
            QVERIFY(QApplication::focusWidget()->property("invalid").toBool());
    }

    void aRefusedSignInClearsThePassword()
    {
        m_window->showSignIn();
        auto* page = m_window->signIn();
        QLineEdit* password = field("Password");
        page->setServer(QStringLiteral("https://billing.example.com"));
        page->setEmail(QStringLiteral("ines@example.com"));
        password->setText(QStringLiteral("wrong"));
        page->setBusy(true);
        QVERIFY(!field("Server")->isEnabled());
        page->showError(QStringLiteral("The server does not know this e-mail and password."));
        QVERIFY(password->text().isEmpty());
        QVERIFY(password->hasFocus());
        QVERIFY(page->findChild<InlineMessage*>()->isVisible());
    }

    void anInvitationIsTakenByKeyboard_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("password");
        QTest::addColumn<QString>("repeated");
        QTest::addColumn<QString>("wrong");
        QTest::newRow("right") << "abc-123"
                               << " twelve or so "
                               << " twelve or so "
                               << "";
        QTest::newRow("twelve letters") << "abc-123"
                                        << "éééééééééééé"
                                        << "éééééééééééé"
                                        << "";
        QTest::newRow("no code") << ""
                                 << "twelve or more"
                                 << "twelve or more"
                                 << "Invitation";
        QTest::newRow("short") << "abc-123"
                               << "elevenchars"
                               << "elevenchars"
                               << "New password";
        QTest::newRow("not the same") << "abc-123"
                                      << "twelve or more"
                                      << "twelve or mure"
                                      << "New password again";
        QTest::newRow("not repeated") << "abc-123"
                                      << "twelve or more"
                                      << ""
                                      << "New password again";
    }
    void anInvitationIsTakenByKeyboard()
    {
        QFETCH(QString, code);
        QFETCH(QString, password);
        QFETCH(QString, repeated);
        QFETCH(QString, wrong);
        auto* page = openInvitation();
        QSignalSpy joined(page, &SignInPage::joinRequested);
        QSignalSpy signedIn(page, &SignInPage::signInRequested);
        QVERIFY(field("Invitation")->hasFocus()); // what is known already is filled in
        field("Invitation")->setText(code);
        field("New password")->setText(password);
        field("New password again")->setText(repeated);
        QTest::keyClick(field("New password again"), Qt::Key_Return);
        QCOMPARE(signedIn.count(), 0);
        QCOMPARE(joined.count(), wrong.isEmpty() ? 1 : 0);
        if (wrong.isEmpty())
            QCOMPARE(
                joined.at(0),
                (QVariantList { QStringLiteral("https://billing.example.com"),
                                QStringLiteral("ines@example.com"), code, password })
            );
        else
            QCOMPARE(
                qobject_cast<QLineEdit*>(QApplication::focusWidget())->accessibleName(), wrong
            );
    }

    void theRuleForPasswordsIsSaidBeforehand()
    {
        openInvitation();
        QCOMPARE(
            field("New password")->accessibleDescription(),
            QStringLiteral("At least 12 characters; spaces count too.")
        );
        for (const char* secret : { "New password", "New password again" })
            QCOMPARE(field(secret)->echoMode(), QLineEdit::Password);
    }

    void aRefusedInvitationIsSaidInItsField()
    {
        auto* page = openInvitation();
        field("Invitation")->setText(QStringLiteral("used"));
        field("New password")->setText(QStringLiteral("twelve or more"));
        page->setBusy(true);
        QVERIFY(!field("Invitation")->isEnabled());
        page->showInvitationError({ quittance::ErrorCode::Unauthenticated, "unknown" });
        QVERIFY(field("Invitation")->hasFocus());
        QVERIFY(field("Invitation")
                    ->accessibleDescription()
                    .contains(QStringLiteral("unknown, used or out of date")));
        // The password was right, and stays for the next try.
        QCOMPARE(field("New password")->text(), QStringLiteral("twelve or more"));
        page->showInvitationError({ quittance::ErrorCode::Unavailable, "gone" });
        QVERIFY(page->findChild<InlineMessage*>()->text().contains(
            QStringLiteral("The backend does not answer")
        ));
    }

    void escapeLeavesTheInvitationAndForgetsIt()
    {
        openInvitation();
        const QSignalSpy left(m_window.get(), &MainWindow::signInLeft);
        field("Invitation")->setText(QStringLiteral("abc-123"));
        field("New password")->setText(QStringLiteral("twelve or more"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QCOMPARE(left.count(), 0);
        QVERIFY(field("Password")->isVisible());
        QVERIFY(field("Password")->hasFocus());
        QVERIFY(!field("Invitation")->isVisible());
        QVERIFY(field("Invitation")->text().isEmpty());
        QVERIFY(field("New password")->text().isEmpty());
        QCOMPARE(field("E-mail")->text(), QStringLiteral("ines@example.com"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QCOMPARE(left.count(), 1);
    }

private:
    QLineEdit* field(const char* name)
    {
        const QString wanted = QString::fromLatin1(name);
        for (auto* edit : m_window->signIn()->findChildren<QLineEdit*>())
            if (edit->accessibleName() == wanted)
                return edit;
        return nullptr;
    }
    SignInPage* openInvitation()
    {
        auto* page = m_window->signIn();
        page->setServer(QStringLiteral("https://billing.example.com"));
        page->setEmail(QStringLiteral("ines@example.com"));
        m_window->showSignIn();
        QTest::keyClick(page->findChild<LinkButton*>(QStringLiteral("otherForm")), Qt::Key_Space);
        return page;
    }

    TransientViewMemory m_memory;
    std::unique_ptr<MainWindow> m_window;
    gallery::OverviewPage* m_overview = nullptr;
    gallery::PartsPage* m_parts = nullptr;
};

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    MainWindowTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_main_window.moc"
