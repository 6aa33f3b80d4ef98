#pragma once

#include "ui/widgets/theme.h"

#include <QIcon>
#include <QPixmap>
#include <QString>

#include <cstdint>

namespace quittance::ui {

/// One icon a meaning. The drawings are Breeze symbols, read at run time from the desktop's icon
/// folders (package breeze-icon-theme); which file stands for a meaning is written in icons.cpp
/// only.
enum class Icon : std::uint8_t {
    None,
    // pages
    Overview,
    Bills,
    Costs,
    Payments,
    Reminders,
    Refunds,
    Reconcile,
    Accounts,
    People,
    Prices,
    Ledger,
    Audit,
    // things
    Account,
    BillingDetails,
    Person,
    Period,
    Document,
    Table,
    Card,
    Bank,
    Money,
    UsageEvents,
    Mail,
    Database,
    Server,
    Language,
    // actions
    Find,
    Filter,
    Columns,
    Configure,
    Add,
    AddPerson,
    DisablePerson,
    Edit,
    Copy,
    Export,
    Save,
    Print,
    Refresh,
    Undo,
    Close,
    More,
    Down,
    Up,
    Next,
    Previous,
    SignOut,
    Theme,
    ViewAs,
    ShowPassword,
    // states
    Online,
    Offline,
    Done,
    Info,
    Warning,
    Error,
    Locked,
    Clock,
    // charts
    ChartColumns,
    ChartLines,
};

/// Follows the palette: drawn in the tone's colour of the moment, disabled when the widget is.
[[nodiscard]] QIcon icon(Icon meaning, Tone tone = Tone::Normal);
/// For painters. `size` in device-independent pixels. A null pixmap for Icon::None and where no
/// file was found; the first miss is written to the log.
[[nodiscard]] QPixmap
iconPixmap(Icon meaning, int size, const QColor& colour, double devicePixelRatio);
/// The small arrow of pickers, headers and links; finer than the symbol, which is made for buttons.
void drawChevron(
    QPainter& painter, const QRectF& rect, Qt::ArrowType direction, const QColor& colour
);
void drawIcon(
    QPainter& painter, const QRect& rect, Icon meaning, const QColor& colour
); ///< centred in `rect`

} // namespace quittance::ui
