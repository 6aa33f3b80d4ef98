#include "ui/bills/events_view.h"

#include "client/ports/when_done.h"
#include "models/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/label.h"
#include "ui/widgets/table_view.h"

#include <QVBoxLayout>

namespace quittance::ui {

EventsView::EventsView(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_model(new models::LineEventModel(context.locale, this))
    , m_table(new TableView(this))
    , m_title(new Label({}, TextRole::Strong))
    , m_state(new Label({}, TextRole::Help, Tone::Muted))
    , m_zone(QTimeZone::utc())
{
    auto* back = new LinkButton(tr("Back to the lines"), this);
    connect(back, &QAbstractButton::clicked, this, &EventsView::closed);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(space::panelPadding, space::small, space::panelPadding, space::small);
    head->setSpacing(space::tiny);
    head->addWidget(back, 0, Qt::AlignLeft);
    head->addWidget(m_title);
    head->addWidget(m_state);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_table, 1);

    m_table->setObjectName(QStringLiteral("events"));
    // Below the list of bills it must not take the room of the list's rows.
    m_table->setMinimumHeight(size::tableHeader + 2 * size::rowScanned);
    m_table->setModel(m_model);
    m_table->setKeyRole(models::LineEventModel::KeyRole);
    m_table->setCsvRole(models::LineEventModel::CsvRole);
    m_table->setColumnShownAtFirst(models::LineEventModel::End, false);
    m_table->setColumnShownAtFirst(models::LineEventModel::Id, false);
    m_table->setColumnShownAtFirst(models::LineEventModel::Quantity, false);
    m_table->setColumnFits({ { models::LineEventModel::Start, 0, 1 },
                             { models::LineEventModel::End, 0, 1 },
                             { models::LineEventModel::Resource, 84, 2 },
                             { models::LineEventModel::Project, 76, 2 },
                             { models::LineEventModel::Id, 120, 2 },
                             { models::LineEventModel::Quantity, 0, 1 },
                             { models::LineEventModel::Share, 0, 1 } });
    m_table->setMemory(&context.memory, QStringLiteral("bills/events"));
    m_table->setAccessibleName(tr("Usage events"));
    m_table->setEmptyState(
        Icon::UsageEvents, tr("The events of this line are not on this computer"),
        tr("They are loaded when the backend is reached.")
    );
    m_table->setBringRows(
        models::LineEventModel::LoadingRole,
        [this](int first, int last, const std::function<void()>& then) {
            loadRows(first, last - first + 1, then);
        }
    );
    connect(m_model, &models::LineEventModel::pageWanted, this, [this](qint64 offset) {
        loadRows(offset, models::LineEventModel::pageRows, [] {});
    });
    connect(
        &context.queries, &client::Queries::lineEventsChanged, this,
        [this](qint64 bill, int line) {
            if (isShown(bill, line))
                load();
        }
    );
}

void EventsView::showLine(const Bill& bill, const BillLine& line)
{
    m_bill = bill.summary.id;
    m_line = line;
    m_zone = QTimeZone(QByteArray::fromStdString(bill.timeZone));
    if (!m_zone.isValid())
        m_zone = QTimeZone::utc();
    m_title->setText(QString::fromStdString(line.name));
    m_state->setText(tr("Reading…"));
    m_context.intents.subscribeLineEvents(m_bill, m_line.number);
    load();
}

void EventsView::forget()
{
    m_bill = 0;
    m_line = {};
    m_title->clear();
    m_state->clear();
    m_table->clearSelection();
    m_model->reset({}, m_line, m_zone);
}

bool EventsView::isShown(BillId bill, int line) const
{
    return bill == m_bill && line == m_line.number;
}

void EventsView::load()
{
    const BillId bill = m_bill;
    const int line = m_line.number;
    client::whenDone(
        m_context.queries.lineEvents(bill, line, 0, models::LineEventModel::pageRows), this,
        [this, bill, line](const Result<LineEventPage>& page) {
            if (!isShown(bill, line))
                return; // a newer line superseded this answer
            if (!page) {
                m_table->setLoading(false);
                m_state->setText(errorText(page.error()));
                return;
            }
            m_model->reset(*page, m_line, m_zone);
            describe(*page);
        }
    );
}

void EventsView::describe(const LineEventPage& page)
{
    const bool offline
        = m_context.sync.status().connection == client::SyncStatus::Connection::Offline;
    m_table->setLoading(!page.complete && !offline);
    if (page.complete)
        m_state->setText(
            tr("Events on this computer: %1").arg(countText(page.total, m_context.locale))
        );
    else if (offline)
        m_state->setText(tr("Not on this computer. They open when the network is back."));
    else
        m_state->setText(tr("Loading from the backend…"));
}

void EventsView::loadRows(qint64 offset, int count, const std::function<void()>& then)
{
    const BillId bill = m_bill;
    const int line = m_line.number;
    client::whenDone(
        m_context.queries.lineEvents(bill, line, offset, count), this,
        [this, bill, line, offset, then](const Result<LineEventPage>& page) {
            if (!isShown(bill, line) || !page)
                return; // a newer line superseded this answer
            m_model->setPage(offset, *page);
            then();
        }
    );
}

} // namespace quittance::ui

#include "moc_events_view.cpp"
