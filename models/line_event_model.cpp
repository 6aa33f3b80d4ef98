#include "models/line_event_model.h"

#include "models/format.h"

#include <utility>

namespace quittance::models {

namespace {

bool isRight(int column)
{
    return column == LineEventModel::Quantity || column == LineEventModel::Share;
}

QString shown(const std::string& text)
{
    return text.empty() ? noneText() : QString::fromStdString(text);
}

} // namespace

LineEventModel::LineEventModel(const QLocale& locale, QObject* parent)
    : QAbstractTableModel(parent)
    , m_locale(locale)
    , m_zone(QTimeZone::utc())
{
}

void LineEventModel::reset(
    const LineEventPage& firstPage, const BillLine& line, const QTimeZone& zone
)
{
    beginResetModel();
    m_zone = zone;
    m_digits = line.quantityDigits;
    m_unit = meterUnitText(line.meterUnit);
    m_events.reset(static_cast<int>(firstPage.total));
    m_asked.clear();
    m_events.put(0, firstPage.events);
    endResetModel();
}

void LineEventModel::setPage(qint64 offset, const LineEventPage& page)
{
    m_asked.erase(offset);
    const int first = static_cast<int>(offset);
    const int last = m_events.put(first, page.events);
    if (last >= first)
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
}

int LineEventModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_events.count();
}

int LineEventModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LineEventModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (isRight(index.column()) ? Qt::AlignRight : Qt::AlignLeft)
        );
    const LineEvent* event = m_events.at(index.row());
    if (event == nullptr) {
        const qint64 offset = qint64 { index.row() } / pageRows * pageRows;
        if (role == Qt::DisplayRole && m_asked.insert(offset).second)
            Q_EMIT const_cast<LineEventModel*>(this)->pageWanted(offset);
        return role == LoadingRole ? QVariant(true) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(*event, index.column());
    case KeyRole:
        return keyOf(*event);
    case CsvRole:
        return csvText(*event, index.column());
    default:
        return {};
    }
}

QString LineEventModel::keyOf(const LineEvent& event)
{
    return QString::fromStdString(event.source + '/' + event.id);
}

QModelIndexList LineEventModel::match(
    const QModelIndex& start, int role, const QVariant& value, int hits, Qt::MatchFlags flags
) const
{
    if (role != KeyRole || flags != Qt::MatchExactly)
        return QAbstractTableModel::match(start, role, value, hits, flags);
    const QString key = value.toString();
    const int row = m_events.find([&](const LineEvent& event) { return keyOf(event) == key; });
    return row < 0 ? QModelIndexList() : QModelIndexList { index(row, 0) };
}

QString LineEventModel::text(const LineEvent& event, int column) const
{
    switch (column) {
    case Start:
        return dateTimeText(event.start, m_zone, m_locale);
    case End:
        return event.end == event.start ? noneText() : dateTimeText(event.end, m_zone, m_locale);
    case Resource:
        return shown(event.resource);
    case Project:
        return shown(event.project);
    case Id:
        return QString::fromStdString(event.id);
    case Quantity:
        return fixedText(event.quantity, m_digits, m_locale);
    case Share:
        return fixedText(event.quantityWithin, m_digits, m_locale);
    default:
        return {};
    }
}

QString LineEventModel::csvText(const LineEvent& event, int column) const
{
    switch (column) {
    case Start:
        return QString::fromStdString(toText(event.start));
    case End:
        return QString::fromStdString(toText(event.end));
    case Resource:
        return QString::fromStdString(event.resource);
    case Project:
        return QString::fromStdString(event.project);
    case Quantity:
        return QString::fromStdString(formatFixed(event.quantity, m_digits, true));
    case Share:
        return QString::fromStdString(formatFixed(event.quantityWithin, m_digits, true));
    default:
        return text(event, column);
    }
}

QVariant LineEventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (isRight(section) ? Qt::AlignRight : Qt::AlignLeft)
        );
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Start:
        return tr("Start");
    case End:
        return tr("End");
    case Resource:
        return tr("Resource");
    case Project:
        return tr("Project");
    case Id:
        return tr("Event");
    case Quantity:
        return tr("Quantity, %1").arg(m_unit);
    case Share:
        return tr("Billed, %1").arg(m_unit);
    default:
        return {};
    }
}

} // namespace quittance::models

#include "moc_line_event_model.cpp"
