#include "ui/widgets/view_memory.h"

#include <QSettings>

namespace quittance::ui {
namespace {
QString pathOf(const QString& key)
{
    return QStringLiteral("view/") + key;
}
} // namespace

SettingsViewMemory::SettingsViewMemory(QSettings& settings)
    : m_settings(settings)
{
}

QVariant SettingsViewMemory::value(const QString& key) const
{
    return m_settings.value(pathOf(key));
}

void SettingsViewMemory::setValue(const QString& key, const QVariant& value)
{
    m_settings.setValue(pathOf(key), value);
}

QVariant TransientViewMemory::value(const QString& key) const
{
    return m_values.value(key);
}

void TransientViewMemory::setValue(const QString& key, const QVariant& value)
{
    m_values.insert(key, value);
}

} // namespace quittance::ui
