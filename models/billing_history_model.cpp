#include "models/billing_history_model.h"

#include "models/format.h"

#include <algorithm>

namespace quittance::models {

namespace {

QString joined(const std::vector<std::string>& values)
{
    QStringList texts;
    for (const std::string& value : values)
        texts.append(QString::fromStdString(value));
    return texts.join(QStringLiteral(", "));
}

/// "Legal name: Acme SAS", where it is not as before.
void addChange(QStringList& changes, const QString& name, const QString& before, const QString& now)
{
    if (before != now)
        changes.append(QStringLiteral("%1: %2").arg(name, now.isEmpty() ? noneText() : now));
}

QString changeText(const ProfileItem& before, const ProfileItem& now)
{
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    QStringList changes;
    addChange(
        changes, BillingHistoryModel::tr("Legal name"), text(before.legalName), text(now.legalName)
    );
    addChange(
        changes, BillingHistoryModel::tr("Address"), joined(before.addressLines),
        joined(now.addressLines)
    );
    addChange(changes, BillingHistoryModel::tr("Country"), text(before.country), text(now.country));
    addChange(
        changes, BillingHistoryModel::tr("Tax IDs"), joined(before.taxIds), joined(now.taxIds)
    );
    addChange(
        changes, BillingHistoryModel::tr("Purchase order"), text(before.purchaseOrder),
        text(now.purchaseOrder)
    );
    addChange(
        changes, BillingHistoryModel::tr("Buyer reference"), text(before.buyerReference),
        text(now.buyerReference)
    );
    addChange(
        changes, BillingHistoryModel::tr("Billing e-mails"), joined(before.emails),
        joined(now.emails)
    );
    addChange(
        changes, BillingHistoryModel::tr("Language"), text(before.language), text(now.language)
    );
    return changes.join(QStringLiteral("; "));
}

QString entityName(const std::vector<LegalEntityItem>& entities, const std::string& code)
{
    const auto found = std::find_if(entities.begin(), entities.end(), [&](const auto& entity) {
        return entity.code == code;
    });
    return QString::fromStdString(found == entities.end() ? code : found->legalName);
}

/// What stands beside the oldest version that is stored.
QString firstText(std::int32_t version)
{
    return version <= 1 ? BillingHistoryModel::tr("First version")
                        : BillingHistoryModel::tr("Earlier versions are not shown");
}

} // namespace

BillingHistoryModel::BillingHistoryModel(const QLocale& locale, QObject* parent)
    : QAbstractTableModel(parent)
    , m_locale(locale)
    , m_zone(QTimeZone::utc())
{
}

void BillingHistoryModel::setDetails(const BillingDetails& details, const QTimeZone& zone)
{
    beginResetModel();
    m_zone = zone;
    m_rows.clear();
    addProfiles(details.profileVersions);
    addTerms(details);
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) {
        return b.validFrom < a.validFrom;
    });
    endResetModel();
}

void BillingHistoryModel::clear()
{
    setDetails({}, m_zone);
}

void BillingHistoryModel::addProfiles(const std::vector<ProfileVersion>& versions)
{
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const ProfileItem& now = versions[i].profile;
        m_rows.push_back({ versions[i].validFrom, true, now.version,
                           i + 1 == versions.size() ? firstText(now.version)
                                                    : changeText(versions[i + 1].profile, now) });
    }
}

void BillingHistoryModel::addTerms(const BillingDetails& details)
{
    const std::vector<TermsVersion>& versions = details.termsVersions;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const TermsItem& now = versions[i].terms;
        QStringList changes;
        if (i + 1 == versions.size()) {
            changes.append(firstText(now.version));
        } else {
            const TermsItem& before = versions[i + 1].terms;
            addChange(
                changes, tr("Billed by"), entityName(details.legalEntities, before.legalEntity),
                entityName(details.legalEntities, now.legalEntity)
            );
            addChange(
                changes, tr("Days to pay"), m_locale.toString(before.paymentDays),
                m_locale.toString(now.paymentDays)
            );
        }
        m_rows.push_back({ versions[i].validFrom, false, now.version,
                           changes.join(QStringLiteral("; ")) });
    }
}

int BillingHistoryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int BillingHistoryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString BillingHistoryModel::text(const Row& row, int column) const
{
    switch (column) {
    case ValidFrom:
        return dateShort(fromQDate(toQDateTime(row.validFrom, m_zone).date()), m_locale)
            + QStringLiteral(", ") + timeText(row.validFrom, m_zone, m_locale);
    case Part:
        return row.isProfile ? tr("Billing profile") : tr("Payment terms");
    case Version:
        return m_locale.toString(row.version);
    case Change:
        return row.change;
    default:
        return {};
    }
}

QVariant BillingHistoryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::AlignVCenter | (index.column() == Version ? Qt::AlignRight : Qt::AlignLeft)
        );
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return index.column() == Change ? QVariant(row.change) : QVariant();
    case KeyRole:
        return QStringLiteral("%1/%2")
            .arg(row.isProfile ? QStringLiteral("profile") : QStringLiteral("terms"))
            .arg(row.version);
    case CsvRole:
        return index.column() == ValidFrom ? QString::fromStdString(toText(row.validFrom))
                                           : text(row, index.column());
    default:
        return {};
    }
}

QVariant BillingHistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (section == Version ? Qt::AlignRight : Qt::AlignLeft)
        );
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case ValidFrom:
        return tr("Valid from");
    case Part:
        return tr("What");
    case Version:
        return tr("Version");
    case Change:
        return tr("What changed");
    default:
        return {};
    }
}

} // namespace quittance::models

#include "moc_billing_history_model.cpp"
