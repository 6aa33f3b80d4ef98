#include "ui/widgets/theme.h"

#include "ui/widgets/view_memory.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPainter>
#include <QRectF>
#include <QScopedValueRollback>
#include <QStyleFactory>

#include <algorithm>
#include <array>
#include <cmath>

namespace quittance::ui {
namespace {

constexpr double softShareLight = 0.11;
constexpr double softShareDark = 0.17;
constexpr double softShareLightWarn = 0.09; // at 11% its text would be 4.4:1
constexpr double readableContrast = 4.5;
constexpr double wrongFieldShare = 0.06;

QColor rgb(QRgb value)
{
    return QColor::fromRgb(value);
}

double linearChannel(double channel)
{
    constexpr double knee = 0.03928;
    return channel <= knee ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour)
{
    return 0.2126 * linearChannel(colour.redF()) + 0.7152 * linearChannel(colour.greenF())
        + 0.0722 * linearChannel(colour.blueF());
}

/// The same hue, moved away from `panel` until it can be read on it.
QColor readableOn(const QColor& colour, const QColor& panel, bool lighter)
{
    constexpr int stepsMax = 60;
    QColor result = colour;
    for (int step = 0; step < stepsMax && contrastRatio(result, panel) < readableContrast; ++step)
        result = blend(lighter ? QColor(Qt::white) : QColor(Qt::black), result, 0.05);
    return result;
}

QColor textOn(const QColor& fill, const Colours& colours)
{
    const QColor white(Qt::white);
    const QColor ink = colours.dark ? colours.window : colours.text;
    return contrastRatio(white, fill) >= contrastRatio(ink, fill) ? white : ink;
}

void setGroup(QPalette& palette, QPalette::ColorGroup group, const Colours& c, bool enabled)
{
    const QColor text = enabled ? c.text : c.disabled;
    palette.setColor(group, QPalette::Window, c.window);
    palette.setColor(group, QPalette::WindowText, text);
    palette.setColor(group, QPalette::Base, enabled ? c.panel : blend(c.window, c.panel, 0.5));
    palette.setColor(group, QPalette::AlternateBase, c.soft);
    palette.setColor(group, QPalette::Text, text);
    palette.setColor(group, QPalette::Button, c.panel);
    palette.setColor(group, QPalette::ButtonText, text);
    palette.setColor(group, QPalette::BrightText, c.bad);
    palette.setColor(group, QPalette::Highlight, enabled ? c.accent : c.disabled);
    palette.setColor(group, QPalette::HighlightedText, enabled ? c.onAccent : c.panel);
    palette.setColor(group, QPalette::Link, enabled ? c.accent : c.disabled);
    palette.setColor(group, QPalette::LinkVisited, enabled ? c.accent : c.disabled);
    palette.setColor(group, QPalette::ToolTipBase, c.panel);
    palette.setColor(group, QPalette::ToolTipText, c.text);
    palette.setColor(group, QPalette::PlaceholderText, enabled ? c.muted : c.disabled);
    palette.setColor(group, QPalette::Light, c.panel);
    palette.setColor(group, QPalette::Midlight, c.line);
    palette.setColor(group, QPalette::Mid, c.border);
    palette.setColor(group, QPalette::Dark, c.disabled);
    palette.setColor(group, QPalette::Shadow, c.dark ? QColor(Qt::black) : c.muted);
}

/// Fields, menus and scroll bars only: everything else paints itself.
QString styleSheetOf(const Colours& c)
{
    QString sheet = QStringLiteral(R"(
QLineEdit, QPlainTextEdit, QComboBox { background: @panel; border: 1px solid @border; border-radius: 6px;
    padding: 0 9px; selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit, QComboBox { min-height: 30px; }
QPlainTextEdit { padding: 5px 7px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid @accent;
    padding: 0 8px; }
QLineEdit:focus, QComboBox:focus { min-height: 28px; }
QPlainTextEdit:focus { padding: 4px 6px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { background: @window; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] { border: 1px solid @bad; background: @badSoft; }
QLineEdit[invalid="true"]:focus, QPlainTextEdit[invalid="true"]:focus { border: 2px solid @bad; }
QComboBox::drop-down { border: none; width: 24px; }
QToolTip { background: @panel; color: @text; border: 1px solid @border; padding: 4px 8px; }
QMenu { background: @panel; border: 1px solid @border; padding: 4px 0; }
QMenu::item { padding: 6px 24px 6px 12px; color: @text; }
QMenu::item:selected { background: @chosen; }
QMenu::item:disabled { color: @disabled; }
QMenu::icon { padding-left: 12px; }
QMenu::indicator { padding-left: 10px; width: 14px; height: 14px; }
QMenu::separator { height: 1px; background: @line; margin: 4px 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 3px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTabWidget::pane { border: none; border-top: 1px solid @line; }
QTabBar { qproperty-drawBase: 0; qproperty-expanding: 0; }
QAbstractScrollArea::corner { background: transparent; }
QTabBar::tab { background: transparent; border: none; border-bottom: 2px solid transparent; color: @muted;
    padding: 6px 4px; margin-right: 16px; }
QTabBar::tab:selected { color: @accent; border-bottom: 2px solid @accent; }
QTabBar::tab:hover:!selected { color: @text; }
QTabBar::tab:focus { background: @chosen; }
QSplitter::handle { background: transparent; }
)");
    // Longer names first, so that none is taken for the beginning of another.
    const std::array<std::pair<QLatin1String, QColor>, 13> names { {
        { QLatin1String("@onAccent"), c.onAccent },
        { QLatin1String("@disabled"), c.disabled },
        { QLatin1String("@badSoft"), blend(c.bad, c.panel, wrongFieldShare) },
        { QLatin1String("@border"), c.border },
        { QLatin1String("@window"), c.window },
        { QLatin1String("@accent"), c.accent },
        { QLatin1String("@chosen"), c.chosen() },
        { QLatin1String("@panel"), c.panel },
        { QLatin1String("@muted"), c.muted },
        { QLatin1String("@line"), c.line },
        { QLatin1String("@text"), c.text },
        { QLatin1String("@soft"), c.soft },
        { QLatin1String("@bad"), c.bad },
    } };
    for (const auto& [name, colour] : names)
        sheet.replace(name, colour.name());
    return sheet;
}

/// The desktop's font where it names one and its digits are tabular, else a family that is known to
/// be.
QFont baseFont(const QFont& system)
{
    constexpr int basePoints = 10;
    const bool generic = system.family().startsWith(QLatin1String("sans"), Qt::CaseInsensitive)
        || system.family().isEmpty();
    QFont font = system;
    font.setPointSize(basePoints);
    if (!generic && hasTabularDigits(font))
        return font;
    for (const auto* family : { "Open Sans", "Noto Sans", "DejaVu Sans" }) {
        if (!QFontDatabase::hasFamily(QString::fromLatin1(family)))
            continue;
        font.setFamilies({ QString::fromLatin1(family), QStringLiteral("Noto Sans") });
        return font;
    }
    return font;
}

} // namespace

QColor Colours::of(Tone tone) const
{
    switch (tone) {
    case Tone::Normal:
        return text;
    case Tone::Muted:
        return muted;
    case Tone::Accent:
        return accent;
    case Tone::Good:
        return good;
    case Tone::Warn:
        return warn;
    case Tone::Bad:
        return bad;
    }
    return text;
}

QColor Colours::softOf(Tone tone) const
{
    const double light = tone == Tone::Warn ? softShareLightWarn : softShareLight;
    return blend(of(tone), panel, dark ? softShareDark : light);
}

Colours lightColours()
{
    Colours c;
    c.window = rgb(0xf6f7f9);
    c.panel = rgb(0xffffff);
    c.line = rgb(0xe3e6ea);
    c.border = rgb(0xcfd4db);
    c.soft = rgb(0xf3f4f6);
    c.text = rgb(0x1c2230);
    c.muted = rgb(0x5d6675);
    c.disabled = rgb(0xa3abb8);
    c.accent = rgb(0x2f5fd0);
    c.onAccent = rgb(0xffffff);
    c.good = rgb(0x1f7a4d);
    c.warn = rgb(0x9a6200);
    c.bad = rgb(0xb3261e);
    return c;
}

Colours darkColours()
{
    Colours c;
    c.window = rgb(0x14171c);
    c.panel = rgb(0x1b1f26);
    c.line = rgb(0x2c323c);
    c.border = rgb(0x3b4350);
    c.soft = rgb(0x242932);
    c.text = rgb(0xe6e9ef);
    c.muted = rgb(0x98a2b3);
    c.disabled = rgb(0x5c6675);
    c.accent = rgb(0x7aa2ff);
    c.onAccent = rgb(0x14171c);
    c.good = rgb(0x5cc38f);
    c.warn = rgb(0xe0a94a);
    c.bad = rgb(0xf2877f);
    c.dark = true;
    return c;
}

QPalette paletteOf(const Colours& colours)
{
    QPalette palette;
    setGroup(palette, QPalette::Active, colours, true);
    setGroup(palette, QPalette::Inactive, colours, true);
    setGroup(palette, QPalette::Disabled, colours, false);
    return palette;
}

Colours coloursOf(const QPalette& palette)
{
    const auto colour
        = [&palette](QPalette::ColorRole role) { return palette.color(QPalette::Active, role); };
    const bool dark
        = luminance(colour(QPalette::Window)) < luminance(colour(QPalette::ToolTipText));
    Colours c = dark ? darkColours() : lightColours();
    c.window = colour(QPalette::Window);
    c.panel = colour(QPalette::ToolTipBase);
    c.line = colour(QPalette::Midlight);
    c.border = colour(QPalette::Mid);
    c.soft = colour(QPalette::AlternateBase);
    c.text = colour(QPalette::ToolTipText);
    c.muted = colour(QPalette::PlaceholderText);
    c.disabled = colour(QPalette::Dark);
    c.accent = colour(QPalette::Link);
    c.onAccent = colour(QPalette::HighlightedText);
    return c;
}

double contrastRatio(const QColor& first, const QColor& second)
{
    constexpr double flare = 0.05;
    const auto [low, high] = std::minmax({ luminance(first), luminance(second) });
    return (high + flare) / (low + flare);
}

QColor blend(const QColor& over, const QColor& under, double share)
{
    const auto mix = [share](float a, float b) {
        return static_cast<float>(
            static_cast<double>(a) * share + static_cast<double>(b) * (1.0 - share)
        );
    };
    return QColor::fromRgbF(
               mix(over.redF(), under.redF()), mix(over.greenF(), under.greenF()),
               mix(over.blueF(), under.blueF())
    )
        .toRgb();
}

QFont fontOf(TextRole role)
{
    struct Face {
        double points;
        QFont::Weight weight;
    };
    const auto face = [role]() -> Face {
        switch (role) {
        case TextRole::Body:
            return { 10, QFont::Normal };
        case TextRole::Strong:
            return { 10, QFont::DemiBold };
        case TextRole::Help:
            return { 9, QFont::Normal };
        case TextRole::HelpStrong:
            return { 9, QFont::DemiBold };
        case TextRole::Heading:
            return { 11, QFont::DemiBold };
        case TextRole::Title:
            return { 16, QFont::DemiBold };
        case TextRole::Figure:
            return { 20, QFont::DemiBold };
        }
        return { 10, QFont::Normal };
    }();
    QFont font = QApplication::font();
    font.setPointSizeF(face.points);
    font.setWeight(face.weight);
    return font;
}

bool hasTabularDigits(const QFont& font)
{
    constexpr double tolerance = 0.01;
    const QFontMetricsF metrics(font);
    const double zero = metrics.horizontalAdvance(QLatin1Char('0'));
    for (char digit = '1'; digit <= '9'; ++digit)
        if (std::abs(metrics.horizontalAdvance(QLatin1Char(digit)) - zero) > tolerance)
            return false;
    return true;
}

Theme::Theme(QApplication& application, ViewMemory* memory, QObject* parent)
    : QObject(parent)
    , m_application(application)
    , m_memory(memory)
{
    const QPalette system = QApplication::palette();
    m_systemIsDark
        = luminance(system.color(QPalette::Window)) < luminance(system.color(QPalette::WindowText));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setFont(baseFont(QApplication::font()));
    if (m_memory != nullptr)
        m_choice = static_cast<ThemeChoice>(std::clamp(
            m_memory->value(QStringLiteral("theme")).toInt(), 0, static_cast<int>(ThemeChoice::Dark)
        ));
    m_application.installEventFilter(this);
    apply();
}

bool Theme::isDark() const
{
    return m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_systemIsDark);
}

Colours Theme::colours() const
{
    Colours c = isDark() ? darkColours() : lightColours();
    const QColor& accent = isDark() ? m_accentDark : m_accentLight;
    if (accent.isValid()) {
        c.accent = readableOn(accent, c.panel, c.dark);
        c.onAccent = textOn(c.accent, c);
    }
    return c;
}

void Theme::setChoice(ThemeChoice choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    if (m_memory != nullptr)
        m_memory->setValue(QStringLiteral("theme"), static_cast<int>(choice));
    apply();
}

void Theme::setAccent(const QColor& light, const QColor& dark)
{
    const QColor& ofDark = dark.isValid() ? dark : light;
    if (light == m_accentLight && ofDark == m_accentDark)
        return; // to style every widget anew is the longest thing a start can do
    m_accentLight = light;
    m_accentDark = ofDark;
    apply();
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &m_application && event->type() == QEvent::ThemeChange && !m_applying)
        readSystem();
    return QObject::eventFilter(watched, event);
}

void Theme::readSystem()
{
    // Only without a palette of ours does the application show the desktop's.
    const QScopedValueRollback guard(m_applying, true);
    QApplication::setPalette(QPalette());
    const QPalette system = QApplication::palette();
    m_systemIsDark
        = luminance(system.color(QPalette::Window)) < luminance(system.color(QPalette::WindowText));
    apply();
}

void Theme::apply()
{
    const QScopedValueRollback guard(m_applying, true);
    const Colours now = colours();
    QApplication::setPalette(paletteOf(now));
    m_application.setStyleSheet(styleSheetOf(now));
    emit changed();
}

const std::vector<QColor>& chartColours()
{
    static const std::vector<QColor> colours { rgb(0x0072b2), rgb(0xe69f00), rgb(0x009e73),
                                               rgb(0xcc79a7), rgb(0x56b4e9), rgb(0xd55e00),
                                               rgb(0xf0e442) };
    return colours;
}

QColor otherColour()
{
    return rgb(0x999999);
}

namespace {
QString coloursKey()
{
    return QStringLiteral("chartColours");
}
} // namespace

SeriesColours::SeriesColours(ViewMemory* memory)
    : m_memory(memory)
{
    if (m_memory != nullptr)
        m_names = m_memory->value(coloursKey()).toMap();
}

void SeriesColours::learn(const QString& group, const QStringList& names)
{
    QStringList known = m_names.value(group).toStringList();
    const auto before = known.size();
    for (const QString& name : names)
        if (!known.contains(name))
            known.append(name);
    if (known.size() == before)
        return;
    m_names.insert(group, known);
    if (m_memory != nullptr)
        m_memory->setValue(coloursKey(), m_names);
}

void SeriesColours::forget()
{
    m_names.clear();
    if (m_memory != nullptr)
        m_memory->setValue(coloursKey(), m_names);
}

QColor SeriesColours::colourOf(const QString& group, const QString& name)
{
    constexpr int darkerPercent = 140;
    learn(group, { name });
    const auto index = static_cast<std::size_t>(m_names.value(group).toStringList().indexOf(name));
    const auto& colours = chartColours();
    QColor colour = colours[index % colours.size()];
    for (std::size_t round = 0; round < index / colours.size() && round < 2; ++round)
        colour = colour.darker(darkerPercent);
    return colour;
}

void drawRoundedBox(
    QPainter& painter, const QRectF& rect, const QColor& fill, const QColor& outline, double radius
)
{
    constexpr double half = 0.5;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(outline.isValid() ? QPen(outline, 1) : QPen(Qt::NoPen));
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const QRectF box = outline.isValid() ? rect.adjusted(half, half, -half, -half) : rect;
    painter.drawRoundedRect(box, radius, radius);
    painter.restore();
}

} // namespace quittance::ui

#include "moc_theme.cpp"
