#pragma once

#include "ui/widgets/badge.h"

#include <QColor>
#include <QList>
#include <QStyledItemDelegate>

#include <functional>
#include <optional>

class QAbstractItemView;

namespace quittance::ui {

/// Everything a table cell can show. A page says what a cell holds (`CellDelegate::setDescribe`);
/// the delegate draws it.
struct Cell {
    QString text;
    QString secondLine; ///< help size, muted, below the text
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter;
    Tone tone = Tone::Normal;
    bool strong = false;
    QColor swatch; ///< a square before the text: a series' colour
    QList<qint64> sparkline; ///< small columns instead of text, in `swatch`'s colour
    std::optional<double> share; ///< a bar of 0..1 before the text, in `swatch`'s colour
    std::optional<Badge> badge; ///< instead of text
    bool group = false; ///< a row that heads others: muted strong text on a soft ground
    bool loading = false; ///< not there yet: a still grey bar
};

/// Distance of a cell's content from its left and right edge; wider at the table's outer edges,
/// where it lines up with the panel's padding. Header and cells share it.
struct CellPadding {
    int left = 0;
    int right = 0;
};
[[nodiscard]] CellPadding cellPadding(const QWidget* view, int column);

/// What a model's TextAlignmentRole says; models give it as int or as flags.
[[nodiscard]] Qt::Alignment alignmentFrom(const QVariant& role);

/// Draws rows the house's way: hairline below, soft ground and accent bar where chosen, no cell
/// borders. Without a describer it shows the model's DisplayRole with its TextAlignmentRole.
class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    /// Gets a cell filled from the model's standard roles, and adds to it.
    using Describe = std::function<void(const QModelIndex&, Cell&)>;

    explicit CellDelegate(QObject* parent = nullptr);
    void setDescribe(Describe describe);
    [[nodiscard]] Cell cellOf(const QModelIndex& index) const;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index)
        const override;
    [[nodiscard]] QSize
    sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// The whole text where it was cut.
    bool helpEvent(
        QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
        const QModelIndex& index
    ) override;

private:
    Describe m_describe;
};

/// A column of states: the model gives `ShownState` as int in `role`.
class BadgeDelegate final : public CellDelegate {
    Q_OBJECT
public:
    explicit BadgeDelegate(int role, QObject* parent = nullptr);
};

} // namespace quittance::ui
