#pragma once

#include "ui/widgets/theme.h"

#include <QWidget>

#include <vector>

namespace quittance::ui {

/// One figure to see from afar: caption, figure with its currency beside the baseline, one line of
/// help whose first words carry the tone ("540.00 overdue" in bad, "the rest due in 6 days" muted).
/// The figure shrinks where the tile is narrow, it is never cut. Several figures stand below each
/// other, each with its own help.
class FigureTile : public QWidget {
    Q_OBJECT
public:
    explicit FigureTile(QString caption, QWidget* parent = nullptr);

    /// One of several: "1,094,304.80", "EUR", "part overdue"; `detail` is for the tool tip, where
    /// there is room: "540.00 overdue".
    struct Figure {
        QString amount;
        QString unit;
        QString help;
        Tone tone = Tone::Muted;
        QString detail;
    };
    /// So many have room; of more, the last row says how many are left, and the tool tip which.
    static constexpr int figuresMax = 4;

    void setCaption(const QString& caption);
    void setFigure(const QString& figure, const QString& unit);
    void setHelp(const QString& emphasis, const QString& rest, Tone tone = Tone::Normal);
    /// In place of one figure and its help, until the next setFigure.
    void setFigures(std::vector<Figure> figures);
    void setLoading(bool loading); ///< still bars in place of figure and help

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void refreshName();
    void paintFigure(QPainter& painter, const QRect& inside, const Colours& colours) const;
    void paintHelp(QPainter& painter, const QRect& inside, const Colours& colours) const;
    void paintFigures(QPainter& painter, const QRect& inside, const Colours& colours) const;
    [[nodiscard]] QFont fittingFont(int width) const;

    QString m_caption;
    QString m_figure;
    QString m_unit;
    std::vector<Figure> m_figures;
    QString m_emphasis;
    QString m_rest;
    Tone m_tone = Tone::Normal;
    bool m_loading = false;
};

} // namespace quittance::ui
