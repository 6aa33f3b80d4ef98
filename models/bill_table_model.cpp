#include "models/bill_table_model.h"

#include "models/format.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace quittance::models {

namespace {

constexpr int toneBad = 1;
constexpr int toneMuted = 2;

bool isAmount(int column)
{
    return column == BillTableModel::Total || column == BillTableModel::Open;
}

bool isRight(int column)
{
    return isAmount(column) || column == BillTableModel::Issued || column == BillTableModel::Due;
}

QString isoText(std::optional<Date> date)
{
    return date ? QString::fromStdString(toText(*date)) : QString();
}

Date lastDayOf(const BillSummary& bill)
{
    return Date { firstDay(next(bill.periodMonth)).days - 1 };
}

int toneOf(const BillSummary& bill, ShownState state, int column)
{
    if (column == BillTableModel::Due && state == ShownState::Overdue)
        return toneBad;
    const bool isQuiet = column == BillTableModel::Issued || bill.number.empty()
        || (column == BillTableModel::Open && bill.open.minor == 0);
    return isQuiet && column != BillTableModel::Total ? toneMuted : 0;
}

std::optional<Currency> sharedCurrency(const std::vector<BillSummary>& bills)
{
    if (bills.empty())
        return std::nullopt;
    const Currency first = bills.front().total.currency;
    const bool isShared = std::ranges::all_of(bills, [&](const BillSummary& bill) {
        return bill.total.currency == first;
    });
    return isShared ? std::optional(first) : std::nullopt;
}

} // namespace

BillTableModel::BillTableModel(const QLocale& locale, QObject* parent)
    : QAbstractTableModel(parent)
    , m_locale(locale)
{
}

void BillTableModel::reset(const BillPage& firstPage, const BillTotals& known, Date today)
{
    beginResetModel();
    m_today = today;
    const int here = static_cast<int>(firstPage.bills.size());
    m_bills.reset(here < pageRows ? here : std::max(here, static_cast<int>(known.count)));
    m_asked.clear();
    m_currency = known.openSums.size() > 1 ? std::nullopt : sharedCurrency(firstPage.bills);
    m_bills.put(0, firstPage.bills);
    endResetModel();
}

void BillTableModel::setTotals(const BillTotals& totals)
{
    setCount(static_cast<int>(totals.count));
    setCurrency(
        totals.openSums.size() == 1 ? std::optional(totals.openSums.front().currency) : std::nullopt
    );
}

void BillTableModel::setCount(int count)
{
    const int before = m_bills.count();
    if (count > before) {
        beginInsertRows({}, before, count - 1);
        m_bills.resize(count);
        endInsertRows();
    } else if (count < before) {
        beginRemoveRows({}, count, before - 1);
        m_bills.resize(count);
        endRemoveRows();
    }
}

/// Whether amounts carry their currency hangs on it.
void BillTableModel::setCurrency(std::optional<Currency> currency)
{
    if (currency == m_currency)
        return;
    m_currency = currency;
    Q_EMIT headerDataChanged(Qt::Horizontal, Total, Open);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Total), index(rowCount() - 1, Open));
}

void BillTableModel::setPage(const BillPage& page)
{
    // Sync may have changed how many there are meanwhile: the new question that follows brings the
    // rest.
    m_asked.erase(page.offset);
    const int first = static_cast<int>(page.offset);
    const int last = m_bills.put(first, page.bills);
    if (last >= first)
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
}

void BillTableModel::clear()
{
    reset({}, {}, m_today);
}

const BillSummary* BillTableModel::billAt(int row) const
{
    return m_bills.at(row);
}

int BillTableModel::rowOf(BillId bill) const
{
    return m_bills.find([bill](const BillSummary& candidate) { return candidate.id == bill; });
}

QModelIndexList BillTableModel::match(
    const QModelIndex& start, int role, const QVariant& value, int hits, Qt::MatchFlags flags
) const
{
    if (role != KeyRole || flags != Qt::MatchExactly)
        return QAbstractTableModel::match(start, role, value, hits, flags);
    const int row = rowOf(value.toLongLong());
    return row < 0 ? QModelIndexList() : QModelIndexList { index(row, 0) };
}

BillColumn BillTableModel::sortColumn(int column)
{
    constexpr std::array columns { BillColumn::Number, BillColumn::Account, BillColumn::Period,
                                   BillColumn::Issued, BillColumn::Due,     BillColumn::Total,
                                   BillColumn::Open,   BillColumn::State };
    return columns.at(static_cast<std::size_t>(std::clamp(column, 0, ColumnCount - 1)));
}

int BillTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_bills.count();
}

int BillTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BillTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (isRight(index.column()) ? Qt::AlignRight : Qt::AlignLeft)
        );
    const BillSummary* bill = billAt(index.row());
    if (bill == nullptr) {
        const qint64 offset = qint64 { index.row() } / pageRows * pageRows;
        if (role == Qt::DisplayRole && m_asked.insert(offset).second)
            Q_EMIT const_cast<BillTableModel*>(this)->pageWanted(offset);
        return role == LoadingRole ? QVariant(true) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(*bill, index.column());
    case SortRole:
        return sortKey(*bill, index.column());
    case KeyRole:
        return QVariant::fromValue(qint64 { bill->id });
    case StateRole:
        return static_cast<int>(billStateAt(*bill, m_today));
    case CsvRole:
        return csvText(*bill, index.column());
    case ToneRole:
        return toneOf(*bill, billStateAt(*bill, m_today), index.column());
    default:
        return {};
    }
}

QString BillTableModel::money(Money money) const
{
    return m_currency ? amountText(money, m_locale) : moneyText(money, m_locale);
}

QString BillTableModel::text(const BillSummary& bill, int column) const
{
    switch (column) {
    case Number:
        return bill.number.empty() ? tr("Draft") : QString::fromStdString(bill.number);
    case Account:
        return QString::fromStdString(bill.accountName);
    case Period:
        return monthShort(bill.periodMonth, m_locale);
    case Issued:
        return bill.issued ? dateShort(*bill.issued, m_locale, m_today) : noneText();
    case Due:
        return bill.due ? dateShort(*bill.due, m_locale, m_today) : noneText();
    case Total:
        return money(bill.total);
    case Open:
        return bill.state == BillState::Draft ? noneText() : money(bill.open);
    case State:
        return stateText(billStateAt(bill, m_today));
    default:
        return {};
    }
}

QVariant BillTableModel::sortKey(const BillSummary& bill, int column) const
{
    constexpr qint64 notYet = std::numeric_limits<qint64>::max();
    switch (column) {
    case Period:
        return QVariant::fromValue(qint64 { bill.period.begin.micros });
    case Issued:
        return QVariant::fromValue(bill.issued ? qint64 { bill.issued->days } : notYet);
    case Due:
        return QVariant::fromValue(bill.due ? qint64 { bill.due->days } : notYet);
    case Total:
        return QVariant::fromValue(qint64 { bill.total.minor });
    case Open:
        return QVariant::fromValue(qint64 { bill.open.minor });
    case State:
        return static_cast<int>(billStateAt(bill, m_today));
    default:
        return text(bill, column);
    }
}

QString BillTableModel::csvText(const BillSummary& bill, int column) const
{
    switch (column) {
    case Number:
        return QString::fromStdString(bill.number);
    case Period:
        return isoText(firstDay(bill.periodMonth)) + QLatin1Char('/') + isoText(lastDayOf(bill));
    case Issued:
        return isoText(bill.issued);
    case Due:
        return isoText(bill.due);
    case Total:
        return QString::fromStdString(amountText(bill.total));
    case Open:
        return QString::fromStdString(amountText(bill.open));
    default:
        return text(bill, column);
    }
}

QVariant BillTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (isRight(section) ? Qt::AlignRight : Qt::AlignLeft)
        );
    if (role != Qt::DisplayRole)
        return {};
    const QString unit = m_currency && isAmount(section)
        ? QLatin1Char(' ') + QString::fromStdString(m_currency->code())
        : QString();
    switch (section) {
    case Number:
        return tr("Number");
    case Account:
        return tr("Account");
    case Period:
        return tr("Period");
    case Issued:
        return tr("Issued");
    case Due:
        return tr("Due");
    case Total:
        return QString(tr("Total") + unit);
    case Open:
        return QString(tr("Open") + unit);
    case State:
        return tr("State");
    default:
        return {};
    }
}

void BillTableModel::sort(int column, Qt::SortOrder order)
{
    Q_EMIT sortWanted(column, order);
}

} // namespace quittance::models

#include "moc_bill_table_model.cpp"
