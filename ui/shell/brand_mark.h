#pragma once

#include "ui/widgets/theme.h"

#include <QPixmap>
#include <QWidget>

namespace quittance::ui {

/// How the cloud that runs this calls itself and looks. Comes from the brand file, through the
/// backend.
struct BrandLook {
    QString name;
    QPixmap logo; ///< null: a drawn mark in the accent
};

/// The logo, or the drawn mark where there is none, for a window's icon.
[[nodiscard]] QPixmap brandIcon(const BrandLook& brand, int edge, const Colours& colours);

/// Logo and name, side by side.
class BrandMark : public QWidget {
    Q_OBJECT
public:
    explicit BrandMark(QWidget* parent = nullptr);
    void setBrand(const BrandLook& brand);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    BrandLook m_brand;
};

} // namespace quittance::ui
