#include "ui/widgets/icons.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QLoggingCategory>
#include <QPainter>
#include <QPixmapCache>
#include <QStandardPaths>
#include <QSvgRenderer>

#include <algorithm>
#include <array>

namespace quittance::ui {
namespace {

Q_LOGGING_CATEGORY(logIcons, "quittance.ui.icons")

struct IconFile {
    Icon meaning;
    const char* name;
};

constexpr std::array iconFiles {
    IconFile { Icon::Overview, "go-home" },
    IconFile { Icon::Bills, "view-list-details" },
    IconFile { Icon::Costs, "office-chart-bar" },
    IconFile { Icon::Payments, "skrooge_credit_card" },
    IconFile { Icon::Reminders, "notifications" },
    IconFile { Icon::Refunds, "edit-undo" },
    IconFile { Icon::Reconcile, "view-categories-incomes" },
    IconFile { Icon::Accounts, "view-pim-contacts" },
    IconFile { Icon::People, "system-users" },
    IconFile { Icon::Prices, "tag" },
    IconFile { Icon::Ledger, "view-financial-list" },
    IconFile { Icon::Audit, "view-history" },
    IconFile { Icon::Account, "view-pim-contacts" },
    IconFile { Icon::BillingDetails, "document-properties" },
    IconFile { Icon::Person, "user" },
    IconFile { Icon::Period, "view-calendar" },
    IconFile { Icon::Document, "document-preview" },
    IconFile { Icon::Table, "table" },
    IconFile { Icon::Card, "skrooge_credit_card" },
    IconFile { Icon::Bank, "view-institution" },
    IconFile { Icon::Money, "taxes-finances" },
    IconFile { Icon::UsageEvents, "view-list-text" },
    IconFile { Icon::Mail, "mail-message" },
    IconFile { Icon::Database, "server-database" },
    IconFile { Icon::Server, "computer" },
    IconFile { Icon::Language, "globe" },
    IconFile { Icon::Find, "edit-find" },
    IconFile { Icon::Filter, "view-filter" },
    IconFile { Icon::Columns, "view-file-columns" },
    IconFile { Icon::Configure, "configure" },
    IconFile { Icon::Add, "list-add" },
    IconFile { Icon::AddPerson, "list-add-user" },
    IconFile { Icon::DisablePerson, "list-remove-user" },
    IconFile { Icon::Edit, "document-edit" },
    IconFile { Icon::Copy, "edit-copy" },
    IconFile { Icon::Export, "document-export" },
    IconFile { Icon::Save, "document-save" },
    IconFile { Icon::Print, "document-print" },
    IconFile { Icon::Refresh, "view-refresh" },
    IconFile { Icon::Undo, "edit-undo" },
    IconFile { Icon::Close, "window-close-symbolic" },
    IconFile { Icon::More, "overflow-menu" },
    IconFile { Icon::Down, "go-down" },
    IconFile { Icon::Up, "go-up" },
    IconFile { Icon::Next, "go-next" },
    IconFile { Icon::Previous, "go-previous" },
    IconFile { Icon::SignOut, "system-log-out" },
    IconFile { Icon::Theme, "contrast" },
    IconFile { Icon::ViewAs, "view-visible" },
    IconFile { Icon::ShowPassword, "view-visible" },
    IconFile { Icon::Online, "online" },
    IconFile { Icon::Offline, "network-disconnect" },
    IconFile { Icon::Done, "dialog-ok" },
    IconFile { Icon::Info, "help-about" },
    IconFile { Icon::Warning, "dialog-warning" },
    IconFile { Icon::Error, "dialog-error" },
    IconFile { Icon::Locked, "object-locked" },
    IconFile { Icon::Clock, "clock" },
    IconFile { Icon::ChartColumns, "office-chart-bar" },
    IconFile { Icon::ChartLines, "office-chart-line" },
};

constexpr int smallDrawing = 16;

QString nameOf(Icon meaning)
{
    const auto* const at
        = std::find_if(iconFiles.begin(), iconFiles.end(), [meaning](const IconFile& f) {
              return f.meaning == meaning;
          });
    return at == iconFiles.end() ? QString() : QString::fromLatin1(at->name);
}

QString findFile(const QString& name, int size)
{
    static const QStringList roots = QStandardPaths::locateAll(
        QStandardPaths::GenericDataLocation, QStringLiteral("icons/breeze"),
        QStandardPaths::LocateDirectory
    );
    const QStringList folders = size <= smallDrawing
        ? QStringList { QStringLiteral("16"), QStringLiteral("22"), QStringLiteral("symbolic") }
        : QStringList { QStringLiteral("22"), QStringLiteral("symbolic"), QStringLiteral("16") };
    for (const QString& root : roots)
        for (const QString& folder : folders)
            for (const auto* kind : { "actions", "status", "places", "devices" }) {
                QString file = root % QLatin1Char('/') % QLatin1String(kind) % QLatin1Char('/')
                    % folder % QLatin1Char('/') % name % QStringLiteral(".svg");
                if (QFile::exists(file))
                    return file;
            }
    qCWarning(logIcons) << "no drawing for icon" << name << "below" << roots;
    return {};
}

QString cachedFile(Icon meaning, int size)
{
    static QHash<std::pair<int, bool>, QString> files;
    const std::pair key { static_cast<int>(meaning), size <= smallDrawing };
    const auto known = files.constFind(key);
    if (known != files.constEnd())
        return *known;
    return *files.insert(key, findFile(nameOf(meaning), size));
}

QPixmap renderTinted(const QString& file, int pixels, const QColor& colour)
{
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(file);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, pixels, pixels));
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), colour);
    return pixmap;
}

/// Reads the palette when it draws, so that icons which are already set follow a change of the
/// theme.
class TintedIconEngine final : public QIconEngine {
public:
    TintedIconEngine(Icon meaning, Tone tone)
        : m_meaning(meaning)
        , m_tone(tone)
    {
    }

    void
    paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State /*state*/) override
    {
        drawIcon(*painter, rect, m_meaning, colourFor(mode));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State /*state*/) override
    {
        return iconPixmap(m_meaning, std::min(size.width(), size.height()), colourFor(mode), 1.0);
    }

    QPixmap
    scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State /*state*/, qreal scale) override
    {
        const double edge = std::min(size.width(), size.height());
        return iconPixmap(m_meaning, static_cast<int>(edge / scale), colourFor(mode), scale);
    }

    [[nodiscard]] QIconEngine* clone() const override
    {
        return new TintedIconEngine(m_meaning, m_tone);
    }

private:
    [[nodiscard]] QColor colourFor(QIcon::Mode mode) const
    {
        const Colours colours = coloursOf(QGuiApplication::palette());
        return mode == QIcon::Disabled ? colours.disabled : colours.of(m_tone);
    }

    Icon m_meaning;
    Tone m_tone;
};

} // namespace

QIcon icon(Icon meaning, Tone tone)
{
    return meaning == Icon::None ? QIcon() : QIcon(new TintedIconEngine(meaning, tone));
}

QPixmap iconPixmap(Icon meaning, int size, const QColor& colour, double devicePixelRatio)
{
    const QString file = meaning == Icon::None ? QString() : cachedFile(meaning, size);
    if (file.isEmpty())
        return {};
    const int pixels = qRound(size * devicePixelRatio);
    const QString key = QStringLiteral("tinted/%1/%2/%3").arg(file).arg(pixels).arg(colour.rgba());
    QPixmap pixmap;
    if (!QPixmapCache::find(key, &pixmap)) {
        pixmap = renderTinted(file, pixels, colour);
        QPixmapCache::insert(key, pixmap);
    }
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

void drawChevron(
    QPainter& painter, const QRectF& rect, Qt::ArrowType direction, const QColor& colour
)
{
    constexpr double reach = 4;
    constexpr double depth = 2;
    constexpr double penWidth = 1.6;
    const QPolygonF line { { -reach, -depth }, { 0, depth }, { reach, -depth } };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center());
    if (direction == Qt::UpArrow)
        painter.rotate(180);
    else if (direction == Qt::RightArrow)
        painter.rotate(-90);
    else if (direction == Qt::LeftArrow)
        painter.rotate(90);
    painter.setPen(QPen(colour, penWidth, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(line);
    painter.restore();
}

void drawIcon(QPainter& painter, const QRect& rect, Icon meaning, const QColor& colour)
{
    const int edge = std::min(rect.width(), rect.height());
    const QPixmap pixmap = iconPixmap(meaning, edge, colour, painter.device()->devicePixelRatioF());
    painter.drawPixmap(
        rect.x() + (rect.width() - edge) / 2, rect.y() + (rect.height() - edge) / 2, pixmap
    );
}

} // namespace quittance::ui
