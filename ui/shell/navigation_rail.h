#pragma once

#include "ui/widgets/icons.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QMenu;
class QVBoxLayout;

namespace quittance::ui {

struct BrandLook;
class BrandMark;

/// The left side of the window, 208 px: brand, pages under their section captions, the person at
/// the bottom.
class NavigationRail : public QWidget {
    Q_OBJECT
public:
    explicit NavigationRail(QWidget* parent = nullptr);

    void setBrand(const BrandLook& brand);
    /// In order; a caption is set before the first item of a section. An empty section has none.
    void addItem(const QString& id, const QString& text, Icon symbol, const QString& section);
    void setItemText(const QString& id, const QString& text);
    void setItemShown(const QString& id, bool shown); ///< a section without items hides its caption
    void setItemCount(const QString& id, int count); ///< 0: no badge
    void setCurrent(const QString& id);
    [[nodiscard]] QStringList shownItems() const; ///< for Ctrl+1 to Ctrl+9

    void setPerson(const QString& name, const QString& role);
    void setPersonMenu(QMenu* menu);

signals:
    void chosen(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    class Item;
    class Caption;
    class PersonButton;

    [[nodiscard]] Item* itemOf(const QString& id) const;

    BrandMark* m_brand;
    QVBoxLayout* m_items;
    QButtonGroup* m_group;
    PersonButton* m_person;
    std::vector<Item*> m_order;
    std::vector<Caption*> m_captions;
};

} // namespace quittance::ui
