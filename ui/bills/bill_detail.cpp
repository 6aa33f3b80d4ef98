#include "ui/bills/bill_detail.h"

#include "client/ports/when_done.h"
#include "models/format.h"
#include "ui/bills/events_view.h"
#include "ui/bills/line_row.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/label.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/scroll_column.h"
#include "ui/widgets/segmented_control.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <utility>

namespace quittance::ui {

namespace {

constexpr QLatin1String linesTab("lines");
constexpr QLatin1String partiesTab("parties");

void clear(QLayout* layout)
{
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (item->widget() != nullptr)
            item->widget()->deleteLater();
        if (item->layout() != nullptr)
            clear(item->layout());
        delete item;
    }
}

/// What was unfolded is what somebody wants to read: all of it, where there is room.
void bringIntoSight(LineRow& row)
{
    // Once the layout has given it its height.
    QTimer::singleShot(0, &row, [&row] {
        for (QWidget* above = row.parentWidget(); above != nullptr; above = above->parentWidget())
            if (auto* area = qobject_cast<QScrollArea*>(above))
                area->ensureWidgetVisible(&row, 0, 0);
    });
}

QWidget* fact(const QString& caption, Label* value)
{
    auto* widget = new QWidget;
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(new Label(caption, TextRole::Help, Tone::Muted));
    layout->addWidget(value);
    return widget;
}

Date lastDayOf(const BillSummary& bill)
{
    return Date { firstDay(next(bill.periodMonth)).days - 1 };
}

QString fieldName(const std::string& field)
{
    if (field == "legalName")
        return BillDetail::tr("legal name");
    if (field == "addressLines")
        return BillDetail::tr("address");
    if (field == "country")
        return BillDetail::tr("country");
    if (field == "emails")
        return BillDetail::tr("billing e-mail");
    if (field == "legalEntity")
        return BillDetail::tr("company that bills");
    return QString::fromStdString(field);
}

} // namespace

BillDetail::BillDetail(const ConsoleContext& context, QWidget* parent)
    : Panel({}, parent)
    , m_context(context)
    , m_title(new Label({}, TextRole::Heading))
    , m_badge(new BadgeLabel)
    , m_pdf(new Button(Icon::Document, tr("PDF")))
    , m_csv(new Button(Icon::Table, tr("CSV")))
    , m_message(new InlineMessage)
    , m_period(new Label)
    , m_issued(new Label)
    , m_due(new Label)
    , m_open(new Label({}, TextRole::Strong))
    , m_tabs(new SegmentedControl(tr("What to show of the bill")))
    , m_stack(new QStackedWidget)
    , m_events(new EventsView(context))
{
    setBodyMargins(0, 0, 0, 0);
    body()->setSpacing(0);
    body()->addWidget(makeHead());
    body()->addWidget(new HairLine);
    m_stack->addWidget(makeLines());
    m_stack->addWidget(makeParties());
    m_stack->addWidget(m_events);
    body()->addWidget(m_stack, 1);
    connect(m_events, &EventsView::closed, this, [this] { closeEvents(); });
    connect(m_tabs, &SegmentedControl::chosen, this, [this](const QString& id) {
        m_stack->setCurrentIndex(id == partiesTab ? 1 : 0);
    });
    connect(m_pdf, &QAbstractButton::clicked, this, [this] { download(QStringLiteral("pdf")); });
    connect(m_csv, &QAbstractButton::clicked, this, [this] { download(QStringLiteral("csv")); });
    connect(&context.sync, &client::Sync::statusChanged, this, &BillDetail::refreshPdf);
}

QWidget* BillDetail::makeHead()
{
    auto* head = new QWidget;
    auto* layout = new QVBoxLayout(head);
    layout->setContentsMargins(
        space::panelPadding, space::medium, space::panelPadding, space::medium
    );
    layout->setSpacing(space::medium);
    auto* first = new QHBoxLayout;
    first->setSpacing(space::small);
    m_title->setElided(true);
    first->addWidget(m_title);
    first->addWidget(m_badge);
    first->addStretch(1);
    m_pdf->setObjectName(QStringLiteral("billPdf"));
    m_csv->setObjectName(QStringLiteral("billCsv"));
    first->addWidget(m_pdf);
    first->addWidget(m_csv);
    Button* close = makeIconButton(Icon::Close, tr("Close"));
    connect(close, &QAbstractButton::clicked, this, &BillDetail::closed);
    first->addWidget(close);
    layout->addLayout(first);
    auto* facts = new QHBoxLayout;
    facts->setSpacing(space::normal);
    facts->addWidget(fact(tr("Period"), m_period), 4);
    facts->addWidget(fact(tr("Issued"), m_issued), 3);
    facts->addWidget(fact(tr("Due"), m_due), 4);
    facts->addWidget(fact(tr("Open"), m_open), 3);
    layout->addLayout(facts);
    layout->addWidget(m_message);
    m_tabs->addSegment(linesTab, tr("Lines"));
    m_tabs->addSegment(partiesTab, tr("Who is billed"));
    layout->addWidget(m_tabs, 0, Qt::AlignLeft);
    return head;
}

QWidget* BillDetail::makeLines()
{
    auto* content = new QWidget;
    m_lines = new QVBoxLayout(content);
    m_lines->setContentsMargins(0, 0, 0, space::small);
    m_lines->setSpacing(0);
    return new ScrollColumn(content);
}

QWidget* BillDetail::makeParties()
{
    auto* content = new QWidget;
    m_parties = new QVBoxLayout(content);
    m_parties->setContentsMargins(
        space::panelPadding, space::normal, space::panelPadding, space::normal
    );
    m_parties->setSpacing(space::tiny);
    return new ScrollColumn(content);
}

void BillDetail::showBill(BillId bill, Date today)
{
    const bool other = bill != m_id;
    m_id = bill;
    m_today = today;
    if (other) {
        m_wanted.clear();
        m_message->clear();
        m_tabs->setCurrent(linesTab);
        m_stack->setCurrentIndex(0);
        refreshPdf();
    }
    refresh();
}

void BillDetail::forget()
{
    m_id = 0;
    m_bill.reset();
    m_waits = false;
    m_wanted.clear();
    m_message->clear();
    for (Label* label : { m_title, m_period, m_issued, m_due, m_open })
        label->clear();
    m_rows.clear();
    clear(m_lines);
    clear(m_parties);
    m_events->forget();
    m_stack->setCurrentIndex(0);
}

void BillDetail::refresh()
{
    const BillId asked = m_id;
    client::whenDone(m_context.queries.bill(asked), this, [this, asked](const Result<Bill>& bill) {
        if (asked != m_id)
            return; // a newer choice superseded this answer
        if (!bill && bill.error().code == ErrorCode::NotFound) {
            emit closed();
            return;
        }
        showReadProblem(*m_message, bill ? nullptr : &bill.error());
        if (bill)
            present(*bill);
    });
}

void BillDetail::present(const Bill& bill)
{
    if (m_bill && *m_bill == bill)
        return;
    m_bill = bill;
    showFacts(bill.summary);
    showLines(bill);
    showParties(bill);
    if (!m_wanted.isEmpty())
        download(std::exchange(m_wanted, {}));
}

void BillDetail::showFacts(const BillSummary& summary)
{
    const QLocale& locale = m_context.locale;
    const ShownState state = billStateAt(summary, m_today);
    m_title->setText(
        summary.number.empty() ? tr("Draft, %1").arg(monthText(summary.periodMonth, locale))
                               : tr("Bill %1").arg(QString::fromStdString(summary.number))
    );
    m_badge->setBadge(badgeOf(state));
    m_period->setText(dateRangeText(firstDay(summary.periodMonth), lastDayOf(summary), locale));
    m_issued->setText(summary.issued ? dateShort(*summary.issued, locale) : noneText());
    m_due->setText(
        summary.due ? QString(
            dateShort(*summary.due, locale, m_today) + QStringLiteral(", ")
            + daysAwayText(*summary.due, m_today)
        )
                    : noneText()
    );
    m_due->setTone(
        state == ShownState::Overdue       ? Tone::Bad
            : state == ShownState::DueSoon ? Tone::Warn
                                           : Tone::Normal
    );
    m_open->setText(
        summary.state == BillState::Draft ? noneText() : moneyText(summary.open, locale)
    );
    showMissing(summary);
}

void BillDetail::showMissing(const BillSummary& summary)
{
    const bool waited = std::exchange(m_waits, !summary.missingFields.empty());
    if (m_waits) {
        QStringList fields;
        for (const std::string& field : summary.missingFields)
            fields.append(fieldName(field));
        m_message->showMessage(
            Tone::Warn,
            tr("This bill waits as a draft. Missing: %1.").arg(fields.join(QStringLiteral(", ")))
        );
    } else if (waited) {
        m_message->clear();
    }
}

void BillDetail::showLines(const Bill& bill)
{
    std::vector<int> open;
    for (const LineRow* row : m_rows) {
        if (row->isOpen())
            open.push_back(row->lineNumber());
    }
    m_rows.clear();
    clear(m_lines);
    addLineHead(currencyText(bill.summary.total.currency));
    for (const BillLine& line : bill.lines) {
        auto* row = new LineRow(line, m_context.locale);
        connect(row, &LineRow::eventsRequested, this, &BillDetail::openEvents);
        connect(row, &LineRow::toggled, row, [row](bool unfolded) {
            if (unfolded)
                bringIntoSight(*row);
        });
        m_lines->addWidget(row);
        m_rows.push_back(row);
    }
    addTotal(tr("Net"), bill.summary.net, false);
    for (const TaxTotal& tax : bill.taxes)
        addTotal(
            tr("Tax %1%").arg(fixedText(tax.tax.millionths, 4, m_context.locale)), tax.amount, false
        );
    addTotal(
        tr("Total %1").arg(currencyText(bill.summary.total.currency)), bill.summary.total, true
    );
    m_lines->addStretch();
    for (const int line : open)
        openLine(line);
}

void BillDetail::addLineHead(const QString& currency)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(space::panelPadding, space::small, space::panelPadding, space::small);
    row->addWidget(new Label(tr("Line"), TextRole::HelpStrong, Tone::Muted));
    row->addStretch();
    row->addWidget(new Label(tr("Amount %1").arg(currency), TextRole::HelpStrong, Tone::Muted));
    m_lines->addLayout(row);
    m_lines->addWidget(new HairLine);
}

void BillDetail::addTotal(const QString& words, Money amount, bool strong)
{
    constexpr int amountWidth = 120;
    auto* row = new QHBoxLayout;
    row->setContentsMargins(space::panelPadding, space::tiny, space::panelPadding, space::tiny);
    const TextRole role = strong ? TextRole::Strong : TextRole::Body;
    auto* figure = new Label(amountText(amount, m_context.locale), role);
    figure->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    figure->setMinimumWidth(amountWidth);
    row->addStretch();
    row->addWidget(new Label(words, role, strong ? Tone::Normal : Tone::Muted));
    row->addWidget(figure);
    m_lines->addLayout(row);
}

void BillDetail::showParties(const Bill& bill)
{
    clear(m_parties);
    addParty(tr("Billed to"), bill.buyer);
    addParty(tr("Billed by"), bill.seller);
    m_parties->addWidget(new Label(
        tr("Days in %1").arg(QString::fromStdString(bill.timeZone)), TextRole::Help, Tone::Muted
    ));
    m_parties->addStretch();
}

void BillDetail::addParty(const QString& caption, const BillParty& party)
{
    m_parties->addWidget(new Label(caption, TextRole::Help, Tone::Muted));
    const auto line = [&](const QString& text, TextRole role = TextRole::Body) {
        if (!text.isEmpty())
            m_parties->addWidget(new Label(text, role));
    };
    line(QString::fromStdString(party.legalName), TextRole::Strong);
    for (const std::string& address : party.addressLines)
        line(QString::fromStdString(address));
    line(QString::fromStdString(party.country));
    for (const std::string& tax : party.taxIds)
        line(tr("Tax ID %1").arg(QString::fromStdString(tax)));
    if (!party.purchaseOrder.empty())
        line(tr("Purchase order %1").arg(QString::fromStdString(party.purchaseOrder)));
    if (!party.buyerReference.empty())
        line(tr("Reference %1").arg(QString::fromStdString(party.buyerReference)));
    line(QString::fromStdString(party.email));
    m_parties->addSpacing(space::normal);
}

void BillDetail::openLine(int line)
{
    for (LineRow* row : m_rows) {
        if (row->lineNumber() == line)
            row->setOpen(true);
    }
}

void BillDetail::openEvents(int line)
{
    if (!m_bill)
        return;
    for (const BillLine& candidate : m_bill->lines) {
        if (candidate.number == line) {
            m_events->showLine(*m_bill, candidate);
            m_stack->setCurrentWidget(m_events);
        }
    }
}

bool BillDetail::closeEvents()
{
    if (m_stack->currentWidget() != m_events)
        return false;
    m_stack->setCurrentIndex(0);
    return true;
}

/// Without the backend there is the PDF that came before, or none. CSV is made on this computer.
void BillDetail::refreshPdf()
{
    if (m_id == 0 || offlineReason(m_context.sync.status()).isEmpty()) {
        m_pdf->setBlocked({});
        return;
    }
    const BillId asked = m_id;
    client::whenDone(
        m_context.queries.hasDocument(asked, QStringLiteral("pdf")), this,
        [this, asked](const Result<bool>& saved) {
            const QString offline = offlineReason(m_context.sync.status());
            if (asked != m_id)
                return;
            m_pdf->setBlocked(
                offline.isEmpty() || (saved && *saved)
                    ? QString()
                    : tr("The PDF is not on this computer yet. %1").arg(offline)
            );
        }
    );
}

void BillDetail::download(const QString& format)
{
    if (!m_bill || m_bill->summary.id != m_id) {
        m_wanted = format;
        return;
    }
    const BillId asked = m_id;
    m_message->clear();
    client::whenDone(
        m_context.intents.document(asked, format), this,
        [this, asked, format](const Result<client::SavedDocument>& document) {
            if (asked != m_id)
                return;
            if (document)
                saveDocument(format, *document);
            else
                m_message->showMessage(
                    Tone::Bad, errorText(document.error()), {},
                    QString::fromStdString(document.error().detail)
                );
        }
    );
}

void BillDetail::saveDocument(const QString& format, const client::SavedDocument& document)
{
    const QString number = m_bill->summary.number.empty()
        ? QStringLiteral("draft-%1").arg(m_id)
        : QString::fromStdString(m_bill->summary.number);
    const QString file = m_context.pickSaveFile(
        this, QString(number + QLatin1Char('.') + format),
        format == QLatin1String("pdf") ? tr("PDF documents (*.pdf)") : tr("CSV files (*.csv)")
    );
    saveFile(file, document.bytes, *m_message);
}

} // namespace quittance::ui

#include "moc_bill_detail.cpp"
