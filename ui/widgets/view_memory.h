#pragma once

#include <QHash>
#include <QString>
#include <QVariant>

class QSettings;

namespace quittance::ui {

/// Where widgets keep what a person arranged: columns, sizes, colours, the theme. Handed in, so
/// that no widget reads settings by itself. Keys are paths ("bills/columns").
class ViewMemory {
public:
    ViewMemory() = default;
    ViewMemory(const ViewMemory&) = delete;
    ViewMemory& operator=(const ViewMemory&) = delete;
    virtual ~ViewMemory() = default;

    [[nodiscard]] virtual QVariant value(const QString& key) const = 0; ///< invalid where never set
    virtual void setValue(const QString& key, const QVariant& value) = 0;
};

/// Keeps everything in a QSettings, below a group named "view".
class SettingsViewMemory final : public ViewMemory {
public:
    explicit SettingsViewMemory(QSettings& settings);
    [[nodiscard]] QVariant value(const QString& key) const override;
    void setValue(const QString& key, const QVariant& value) override;

private:
    QSettings& m_settings;
};

/// Forgets at the end of the program: for tests, the tour, and a person who only looks.
class TransientViewMemory final : public ViewMemory {
public:
    [[nodiscard]] QVariant value(const QString& key) const override;
    void setValue(const QString& key, const QVariant& value) override;

private:
    QHash<QString, QVariant> m_values;
};

} // namespace quittance::ui
