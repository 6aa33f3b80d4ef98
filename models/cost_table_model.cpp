#include "models/cost_table_model.h"

#include "models/format.h"

#include <algorithm>
#include <utility>

namespace quittance::models {

namespace {

bool isRight(int column)
{
    return column >= CostTableModel::Share;
}

CostSeries totalsOf(const CostAnswer& answer)
{
    CostSeries totals;
    totals.amounts.resize(answer.steps.size());
    for (const CostSeries& series : answer.series) {
        for (std::size_t i = 0; i < totals.amounts.size(); ++i)
            totals.amounts[i] += series.amounts[i];
    }
    totals.total = answer.total;
    totals.previousTotal = answer.previousTotal;
    return totals;
}

double changeShare(const CostSeries& series)
{
    if (series.previousTotal == 0)
        return 0.0;
    return static_cast<double>(series.total - series.previousTotal)
        / static_cast<double>(series.previousTotal);
}

} // namespace

CostTableModel::CostTableModel(const QLocale& locale, QObject* parent)
    : QAbstractTableModel(parent)
    , m_locale(locale)
{
}

void CostTableModel::setAnswer(const CostAnswer& answer, CostGroup split)
{
    beginResetModel();
    m_answer = answer;
    m_split = split;
    m_rows.clear();
    for (const CostSeries& series : answer.series)
        m_rows.push_back({ series, false, static_cast<int>(m_rows.size()) });
    if (!m_rows.empty())
        m_rows.push_back({ totalsOf(answer), true });
    sortRows();
    endResetModel();
}

QString CostTableModel::groupText(CostGroup group)
{
    switch (group) {
    case CostGroup::Service:
        return tr("Service");
    case CostGroup::Sku:
        return tr("SKU");
    case CostGroup::Project:
        return tr("Project");
    case CostGroup::Resource:
        return tr("Resource");
    case CostGroup::Account:
        return tr("Account");
    }
    return {};
}

QString CostTableModel::keyText(CostGroup group, const std::string& key)
{
    if (!key.empty())
        return QString::fromStdString(key);
    if (group == CostGroup::Project)
        return tr("No project");
    return group == CostGroup::Resource ? tr("No resource") : tr("Not named");
}

int CostTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CostTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

double CostTableModel::share(const Row& row) const
{
    return m_answer.total == 0
        ? 0.0
        : static_cast<double>(row.series.total) / static_cast<double>(m_answer.total);
}

QVariant CostTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::AlignVCenter | (isRight(index.column()) ? Qt::AlignRight : Qt::AlignLeft)
        );
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(row, index.column());
    case SortRole:
        return sortKey(row, index.column());
    case KeyRole:
        return row.isTotal ? QVariant() : QVariant(QString::fromStdString(row.series.key));
    case TrendRole:
        return QVariant::fromValue(
            QList<qint64>(row.series.amounts.begin(), row.series.amounts.end())
        );
    case ShareRole:
        return share(row);
    case CsvRole:
        return csvText(row, index.column());
    case TotalRole:
        return row.isTotal;
    case RankRole:
        return row.isTotal ? QVariant() : QVariant(row.rank);
    default:
        return {};
    }
}

QString CostTableModel::text(const Row& row, int column) const
{
    const CostSeries& series = row.series;
    switch (column) {
    case Name:
        return row.isTotal ? tr("Total") : keyText(m_split, series.key);
    case Share:
        return percentText(share(row), m_locale);
    case Amount:
        return amountText(money(series.total), m_locale);
    case Previous:
        return amountText(money(series.previousTotal), m_locale);
    case Change:
        return amountText(money(series.total - series.previousTotal), m_locale, Sign::Both);
    case ChangePercent:
        return changeText(series.previousTotal, series.total, m_locale);
    default:
        return {};
    }
}

QString CostTableModel::csvText(const Row& row, int column) const
{
    const CostSeries& series = row.series;
    switch (column) {
    case Trend: {
        QStringList amounts;
        for (const std::int64_t amount : series.amounts)
            amounts.append(QString::fromStdString(quittance::amountText(money(amount))));
        return amounts.join(QLatin1Char(' '));
    }
    case Share:
        return QString::number(share(row), 'f', 4);
    case Amount:
        return QString::fromStdString(quittance::amountText(money(series.total)));
    case Previous:
        return QString::fromStdString(quittance::amountText(money(series.previousTotal)));
    case Change:
        return QString::fromStdString(
            quittance::amountText(money(series.total - series.previousTotal))
        );
    case ChangePercent:
        return series.previousTotal == 0 ? QString() : QString::number(changeShare(series), 'f', 4);
    default:
        return text(row, column);
    }
}

QVariant CostTableModel::sortKey(const Row& row, int column) const
{
    const CostSeries& series = row.series;
    switch (column) {
    case Name:
        return keyText(m_split, series.key);
    case Previous:
        return QVariant::fromValue(qint64 { series.previousTotal });
    case Change:
        return QVariant::fromValue(qint64 { series.total - series.previousTotal });
    case ChangePercent:
        return changeShare(series);
    default:
        return QVariant::fromValue(qint64 { series.total });
    }
}

QVariant CostTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (isRight(section) ? Qt::AlignRight : Qt::AlignLeft)
        );
    if (role != Qt::DisplayRole)
        return {};
    const QString unit = QLatin1Char(' ') + QString::fromStdString(m_answer.currency.code());
    switch (section) {
    case Name:
        return groupText(m_split);
    case Trend:
        return tr("Trend");
    case Share:
        return tr("Share");
    case Amount:
        return QString(tr("This period") + unit);
    case Previous:
        return QString(tr("Before") + unit);
    case Change:
        return QString(tr("Change") + unit);
    case ChangePercent:
        return tr("Change");
    default:
        return {};
    }
}

void CostTableModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    // A reset, and not a new layout: the view finds its rows again by their key.
    beginResetModel();
    sortRows();
    endResetModel();
}

void CostTableModel::sortRows()
{
    if (m_rows.size() < 2)
        return;
    // The totals stay last, whatever the order.
    std::stable_sort(m_rows.begin(), m_rows.end() - 1, [this](const Row& a, const Row& b) {
        const auto less = QVariant::compare(sortKey(a, m_sortColumn), sortKey(b, m_sortColumn));
        return m_sortOrder == Qt::AscendingOrder ? less == QPartialOrdering::Less
                                                 : less == QPartialOrdering::Greater;
    });
}

} // namespace quittance::models

#include "moc_cost_table_model.cpp"
