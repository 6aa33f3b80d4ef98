#include "ui/bills/line_row.h"

#include "core/domain/decimal.h"
#include "core/domain/rating/rating.h"
#include "models/format.h"
#include "ui/widgets/button.h"
#include "ui/widgets/label.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QGridLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace quittance::ui {

namespace {

constexpr int headHeight = 48;
constexpr int chevronWidth = 20;
constexpr int amountWidth = 110;
constexpr int nameWidthMin = 180;

QString decimalText(const std::string& decimal, const QLocale& locale)
{
    return quantityText(QString::fromStdString(decimal), locale);
}

/// Marks a figure that has more digits than are shown.
QString marked(const QString& figure, bool exact)
{
    return exact ? figure : QString(QChar(0x2248) % QLatin1Char(' ') % figure);
}

/// At most four decimals; the steps below and the CSV have more.
QString shortQuantity(const LineArithmetic& steps, const QLocale& locale)
{
    constexpr int digitsGiven = 6;
    constexpr int digitsShown = 4;
    const std::int64_t unit = powerOfTen(digitsGiven - digitsShown);
    const Result<std::int64_t> given = parseFixed(steps.quantity, digitsGiven);
    const Result<std::int64_t> shown
        = given ? divideRounded(*given, unit, Rounding::HalfEven) : given;
    if (!shown)
        return marked(decimalText(steps.quantity, locale), steps.quantityIsExact);
    const bool exact = steps.quantityIsExact && *given % unit == 0;
    return marked(fixedText(*shown, digitsShown, locale, exact ? 0 : digitsShown), exact);
}

QString percentOf(const BillLine& line, const QLocale& locale)
{
    constexpr int percentDigits = 4; // a millionth is 0.0001%
    return fixedText(line.discountMillionths, percentDigits, locale) % locale.percent();
}

/// "150.5 k calls, 4 price steps": a line that has no single rate.
QString stepsText(const BillLine& line, const LineArithmetic& steps, const QLocale& locale)
{
    const auto count = static_cast<std::int64_t>(steps.steps.size());
    QString words = LineRow::tr("price steps: %1").arg(countText(count, locale));
    if (line.meter.empty())
        return words;
    return QStringLiteral("%1 %2, %3")
        .arg(shortQuantity(steps, locale), QString::fromStdString(line.unit), words);
}

/// "1,284.6167 GPU-h × 2.95 USD − 8%"
QString productText(const BillLine& line, const LineArithmetic& steps, const QLocale& locale)
{
    if (!line.steps.empty())
        return stepsText(line, steps, locale);
    QString product = QStringLiteral("%1 %2 × %3 %4")
                          .arg(
                              shortQuantity(steps, locale), QString::fromStdString(line.unit),
                              rateText(line.rate, locale), currencyText(line.amount.currency)
                          );
    if (!steps.discount.empty())
        product += QStringLiteral(" − ") % percentOf(line, locale);
    return product;
}

/// "Calls, correction of NL-2026-000001, October 2026"
QString nameText(const BillLine& line, const QLocale& locale)
{
    QString name = QString::fromStdString(line.name);
    if (!line.corrects)
        return name;
    return LineRow::tr("%1, correction of %2, %3")
        .arg(
            name, QString::fromStdString(line.corrects->number),
            monthText(line.corrects->month, locale)
        );
}

} // namespace

/// The always visible part; a button, so that keys and screen readers find it.
class LineRow::Head : public QAbstractButton {
public:
    Head(const BillLine& line, const QLocale& locale, QWidget* parent)
        : QAbstractButton(parent)
    {
        const Result<LineArithmetic> steps = explain(line);
        m_name = nameText(line, locale);
        if (steps)
            m_product = productText(line, *steps, locale);
        m_amount = amountText(line.amount, locale);
        setCheckable(true);
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::StrongFocus);
        setMinimumHeight(headHeight);
        setAccessibleName(QStringLiteral("%1, %2 = %3 %4")
                              .arg(
                                  m_name, m_product, m_amount,
                                  QString::fromStdString(line.amount.currency.code())
                              ));
    }
    [[nodiscard]] QSize sizeHint() const override
    {
        return { chevronWidth + nameWidthMin + amountWidth, headHeight };
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        const Colours colours = coloursOf(palette());
        if (underMouse())
            painter.fillRect(rect(), colours.soft);
        const QRect inside = rect().adjusted(space::panelPadding, 0, -space::panelPadding, 0);
        drawChevron(painter, inside, colours);
        const int middle = height() / 2;
        const QRect amount(inside.right() + 1 - amountWidth, 0, amountWidth, height());
        const QRect name(
            inside.left() + chevronWidth, space::tiny,
            amount.left() - inside.left() - chevronWidth - space::small, middle - space::tiny
        );
        const QFont body = fontOf(isChecked() ? TextRole::Strong : TextRole::Body);
        text(painter, name, m_name, Qt::AlignLeft, colours.text, body);
        text(
            painter, name.translated(0, middle - space::tiny), m_product, Qt::AlignLeft,
            colours.muted, fontOf(TextRole::Help)
        );
        text(painter, amount, m_amount, Qt::AlignRight, colours.text, body);
        if (hasFocus())
            drawFocusRing(painter, QRectF(rect()).adjusted(2, 2, -2, -2), colours.accent);
    }

private:
    static void text(
        QPainter& painter, const QRect& rect, const QString& words, Qt::Alignment alignment,
        const QColor& colour, const QFont& font
    )
    {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(
            rect, static_cast<int>(alignment | Qt::AlignVCenter),
            QFontMetrics(font).elidedText(words, Qt::ElideRight, rect.width())
        );
    }
    void drawChevron(QPainter& painter, const QRect& inside, const Colours& colours) const
    {
        constexpr double reach = 3.5;
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(colours.muted, 1.5));
        const QPointF middle(inside.left() + reach + 1, height() / 2.0);
        if (isChecked()) {
            painter.drawLine(middle + QPointF(-reach, -reach / 2), middle + QPointF(0, reach / 2));
            painter.drawLine(middle + QPointF(0, reach / 2), middle + QPointF(reach, -reach / 2));
        } else {
            painter.drawLine(middle + QPointF(-reach / 2, -reach), middle + QPointF(reach / 2, 0));
            painter.drawLine(middle + QPointF(reach / 2, 0), middle + QPointF(-reach / 2, reach));
        }
    }

    QString m_name;
    QString m_product; ///< quantity × rate − discount
    QString m_amount;
};

namespace {

/// The inset with the steps: operator, words, figure, unit.
class ArithmeticBox : public QWidget {
public:
    explicit ArithmeticBox(QWidget* parent)
        : QWidget(parent)
        , m_grid(new QGridLayout(this))
    {
        m_grid->setContentsMargins(space::medium, space::small, space::medium, space::small);
        m_grid->setHorizontalSpacing(space::small);
        m_grid->setVerticalSpacing(space::tiny);
        m_grid->setColumnStretch(1, 1);
    }
    void addStep(
        const QString& sign, const QString& words, const QString& figure, const QString& unit,
        bool strong = false
    )
    {
        const int row = m_grid->rowCount();
        const TextRole role = strong ? TextRole::Strong : TextRole::Body;
        auto* figureLabel = new Label(figure, role);
        figureLabel->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        auto* wordsLabel = new Label(words, role, strong ? Tone::Normal : Tone::Muted);
        wordsLabel->setElided(true);
        m_grid->addWidget(new Label(sign, TextRole::Body, Tone::Muted), row, 0);
        m_grid->addWidget(wordsLabel, row, 1);
        m_grid->addWidget(figureLabel, row, 2);
        m_grid->addWidget(new Label(unit, TextRole::Help, Tone::Muted), row, 3);
    }
    void addRule() { m_grid->addWidget(new HairLine(this), m_grid->rowCount(), 0, 1, 4); }
    void addFooter(QWidget* widget)
    {
        m_grid->addWidget(widget, m_grid->rowCount(), 0, 1, 4, Qt::AlignLeft);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        drawRoundedBox(painter, rect(), coloursOf(palette()).soft, {});
    }

private:
    QGridLayout* m_grid;
};

/// What a line without a single rate shows of one step.
QString stepWords(const BillLine& line, const StepArithmetic& step, const QLocale& locale)
{
    const auto decimal = [&](const std::string& text) { return decimalText(text, locale); };
    const QString unit = QString::fromStdString(line.unit);
    QString name = QString::fromStdString(step.name);
    switch (step.kind) {
    case StepKind::Free:
        return LineRow::tr("%1 %2 free").arg(decimal(step.quantity), unit);
    case StepKind::Units:
        return step.tier == 0
            ? LineRow::tr("%1 %2 × %3").arg(decimal(step.quantity), unit, decimal(step.rate))
            : LineRow::tr("%1 %2 × %3, tier %4")
                  .arg(decimal(step.quantity), unit, decimal(step.rate))
                  .arg(step.tier);
    case StepKind::Packages:
        return LineRow::tr("%1 packages of %2 %3 × %4")
            .arg(decimal(step.quantity), decimal(step.size), unit, decimal(step.rate));
    case StepKind::Flat:
        return LineRow::tr("Flat amount, tier %1").arg(step.tier);
    case StepKind::PercentOff:
        return LineRow::tr("%1, %2").arg(name, decimal(step.percent) % locale.percent());
    case StepKind::AmountOff:
        return name;
    case StepKind::Minimum:
        return LineRow::tr("Up to the minimum of %1").arg(decimal(step.rate));
    case StepKind::Commitment:
        return LineRow::tr("Committed amount");
    case StepKind::Covered:
        return LineRow::tr("Charges that it covers");
    case StepKind::Billed:
        return LineRow::tr("Rounded, less %1 billed by %2").arg(decimal(step.rate), name);
    }
    return {};
}

void addSteps(
    ArithmeticBox& box, const BillLine& line, const LineArithmetic& arithmetic,
    const QLocale& locale
)
{
    const QString currency = QString::fromStdString(line.amount.currency.code());
    bool isFirst = true;
    for (const StepArithmetic& step : arithmetic.steps) {
        const bool isLess = step.amount.starts_with('-');
        const QString plus = isFirst ? QString() : QStringLiteral("+");
        box.addStep(
            isLess ? QStringLiteral("−") : plus, stepWords(line, step, locale),
            decimalText(step.amount.substr(isLess ? 1 : 0), locale), currency
        );
        isFirst = false;
    }
}

void addProduct(
    ArithmeticBox& box, const BillLine& line, const LineArithmetic& steps, const QLocale& locale
)
{
    const auto decimal = [&](const std::string& text) { return decimalText(text, locale); };
    const QString currency = QString::fromStdString(line.amount.currency.code());
    box.addStep(
        {},
        LineRow::tr("%1 %2 ÷ %3")
            .arg(
                decimal(steps.meterQuantity), meterUnitText(line.meterUnit),
                countText(line.per, locale)
            ),
        marked(decimal(steps.quantity), steps.quantityIsExact), QString::fromStdString(line.unit)
    );
    box.addStep(
        QStringLiteral("×"),
        LineRow::tr("Rate, plan %1, version %2")
            .arg(QString::fromStdString(line.plan))
            .arg(line.planVersion),
        decimal(steps.rate), currency
    );
    if (!steps.discount.empty())
        box.addStep(
            QStringLiteral("−"),
            LineRow::tr("%1, %2").arg(
                QString::fromStdString(line.discountName), percentOf(line, locale)
            ),
            decimal(steps.discount), currency
        );
}

} // namespace

LineRow::LineRow(const BillLine& line, const QLocale& locale, QWidget* parent)
    : QWidget(parent)
    , m_line(line)
    , m_locale(locale)
    , m_head(new Head(line, locale, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(new HairLine(this));
    connect(m_head, &QAbstractButton::toggled, this, &LineRow::setOpen);
}

void LineRow::setOpen(bool open)
{
    if (open == m_open)
        return;
    m_open = open;
    m_head->setChecked(open);
    if (open && m_body == nullptr)
        showArithmetic();
    if (m_body != nullptr)
        m_body->setVisible(open);
    emit toggled(open);
}

void LineRow::showArithmetic()
{
    m_body = new QWidget(this);
    auto* margins = new QVBoxLayout(m_body);
    margins->setContentsMargins(
        space::panelPadding, space::tiny, space::panelPadding, space::medium
    );
    auto* box = new ArithmeticBox(m_body);
    margins->addWidget(box);
    const QString currency = QString::fromStdString(m_line.amount.currency.code());
    const Result<LineArithmetic> steps = explain(m_line);
    if (steps) {
        const auto decimal = [&](const std::string& text) { return decimalText(text, m_locale); };
        if (m_line.steps.empty())
            addProduct(*box, m_line, *steps, m_locale);
        else
            addSteps(*box, m_line, *steps, m_locale);
        box->addRule();
        box->addStep(QStringLiteral("="), tr("Exact amount"), decimal(steps->exact), currency);
        box->addStep({}, tr("Rounded half-even, once a line"), decimal(steps->rounding), currency);
        box->addRule();
        box->addStep(QStringLiteral("="), tr("Amount"), decimal(steps->amount), currency, true);
    }
    if (!m_line.meter.empty()) {
        auto* events = new LinkButton(tr("Usage events"));
        events->setArrow(true);
        connect(events, &QAbstractButton::clicked, this, [this] {
            emit eventsRequested(m_line.number);
        });
        box->addRule();
        box->addFooter(events);
    }
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, m_body);
}

} // namespace quittance::ui

#include "moc_line_row.cpp"
