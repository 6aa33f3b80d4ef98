#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>
#include <QStringList>
#include <QVariant>

#include <cstdint>
#include <vector>

class QApplication;
class QPainter;
class QRectF;

namespace quittance::ui {

class ViewMemory;

/// Distances in pixels. Nothing in a widget is placed by any other number.
namespace space {
constexpr int tiny = 4;
constexpr int small = 8;
constexpr int medium = 12;
constexpr int normal = 16;
constexpr int large = 24;
constexpr int huge = 32;
constexpr int pageMargin = large;
constexpr int panelPadding = normal;
constexpr int panelGap = normal;
constexpr int formRowGap = medium;
} // namespace space

/// Fixed sizes in pixels, as the reference pictures have them.
namespace size {
constexpr int railWidth = 208;
constexpr int railItem = 36;
constexpr int topBar = 56;
constexpr int pageHead = 60;
constexpr int statusBar = 28;
constexpr int offlineBar = 38;
constexpr int control = 32; ///< buttons, fields, pickers
constexpr int tableHeader = 32;
constexpr int rowScanned = 28; ///< lists that are scanned
constexpr int rowRead = 36; ///< lists that are read
constexpr int rowTwoLines = 50;
constexpr int badge = 20;
constexpr int corner = 6;
constexpr int iconTable = 16;
constexpr int iconRail = 20;
} // namespace size

/// What a colour says. Never alone: text or shape says the same.
enum class Tone : std::uint8_t { Normal, Muted, Accent, Good, Warn, Bad };

/// One theme's colours. They travel in the QPalette, so that a widget needs nothing but
/// `coloursOf(palette())` and follows a change of the theme by itself (QEvent::PaletteChange).
struct Colours {
    QColor window;
    QColor panel;
    QColor line; ///< hairlines: panels, rows, grids
    QColor border; ///< outlines of what can be pressed or typed in
    QColor soft; ///< insets and group rows on a panel
    QColor text;
    QColor muted;
    QColor disabled;
    QColor accent;
    QColor onAccent; ///< text on the accent
    QColor good;
    QColor warn;
    QColor bad;
    bool dark = false;

    [[nodiscard]] QColor of(Tone tone) const;
    /// A tone's soft fill, as badges and chosen rows have it: 11% over the panel in light (9% for
    /// warn, to stay readable), 17% in dark.
    [[nodiscard]] QColor softOf(Tone tone) const;
    [[nodiscard]] QColor chosen() const { return softOf(Tone::Accent); }
};

[[nodiscard]] Colours lightColours();
[[nodiscard]] Colours darkColours();
[[nodiscard]] QPalette paletteOf(const Colours& colours
); ///< every role of every group, the disabled ones too
[[nodiscard]] Colours coloursOf(const QPalette& palette); ///< the reverse of paletteOf
/// WCAG 2.1 contrast ratio, 1 to 21.
[[nodiscard]] double contrastRatio(const QColor& first, const QColor& second);
/// `share` (0..1) of `over` laid on `under`.
[[nodiscard]] QColor blend(const QColor& over, const QColor& under, double share);

/// Type sizes: body 10 pt, heading 11 pt semibold (panels), title 16 pt semibold (pages), figure 20
/// pt semibold (tiles), help 9 pt.
enum class TextRole : std::uint8_t { Body, Strong, Help, HelpStrong, Heading, Title, Figure };
[[nodiscard]] QFont fontOf(TextRole role);

/// True where all ten digits are equally wide, so that columns of numbers stand.
[[nodiscard]] bool hasTabularDigits(const QFont& font);

/// Light, dark, or as the desktop has it.
enum class ThemeChoice : std::uint8_t { System, Light, Dark };

/// Puts palette, style sheet and font on the application, and again on every change. One a program,
/// owned by main.
class Theme : public QObject {
    Q_OBJECT
public:
    /// Sets the Fusion style. Remembers the choice in `memory` where given (key "theme").
    explicit Theme(
        QApplication& application, ViewMemory* memory = nullptr, QObject* parent = nullptr
    );

    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    [[nodiscard]] bool isDark() const;
    [[nodiscard]] Colours colours() const; ///< with the brand's accent
    void setChoice(ThemeChoice choice);
    /// A brand's accent for light and for dark. It is darkened or lightened until text on it and it
    /// on a panel are readable (4.5:1); an invalid colour gives ours back.
    void setAccent(const QColor& light, const QColor& dark);

signals:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();
    void readSystem();

    QApplication& m_application;
    ViewMemory* m_memory;
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_systemIsDark = false;
    bool m_applying = false;
    QColor m_accentLight;
    QColor m_accentDark;
};

/// The colours of chart series: Okabe-Ito, safe for colour-blind eyes.
[[nodiscard]] const std::vector<QColor>& chartColours(); ///< seven, without the grey of "Other"
[[nodiscard]] QColor otherColour();

/// Which service, project, ... has which colour: given in the order of first sight, each group from
/// the first colour on, then kept (key "chartColours"), so that a service looks the same on every
/// page and every day. After seven the colours come again, darker.
class SeriesColours {
public:
    explicit SeriesColours(ViewMemory* memory = nullptr);
    /// Colours are given to all names at once in their order; call it with a list's names before
    /// asking for one.
    void learn(const QString& group, const QStringList& names);
    [[nodiscard]] QColor colourOf(const QString& group, const QString& name);
    /// Names are somebody's projects and accounts: the next person's are learned anew.
    void forget();

private:
    ViewMemory* m_memory;
    QVariantMap m_names; ///< group -> names, as they are kept
};

/// A rectangle with the house's corners, filled and outlined by a hairline that lies on whole
/// pixels. Invalid colours are not drawn.
void drawRoundedBox(
    QPainter& painter, const QRectF& rect, const QColor& fill, const QColor& outline,
    double radius = size::corner
);

} // namespace quittance::ui
