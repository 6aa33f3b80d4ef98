#include "ui/widgets/picker.h"

#include "ui/widgets/button.h"
#include "ui/widgets/search_field.h"

#include <QAbstractItemView>
#include <QFocusEvent>
#include <QFrame>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace quittance::ui {
namespace {

constexpr int searchedFrom = 9;
constexpr int rowsShownMax = 12;
constexpr int popupWidthMin = 200;
constexpr int popupWidthMax = 460;
constexpr int idRole = Qt::UserRole;
constexpr int helpRole = Qt::UserRole + 1;
constexpr int currentRole = Qt::UserRole + 2;
constexpr int rowHeight = 30;
constexpr int checkWidth = 28;
constexpr int arrowEdge = 16;
constexpr int sidePadding = 12;

class ChoiceDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index)
        const override
    {
        const Colours c = coloursOf(option.palette);
        if ((option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) != 0)
            painter->fillRect(option.rect, c.chosen());
        if (index.data(currentRole).toBool())
            drawIcon(
                *painter,
                QRect(
                    option.rect.left() + 6, option.rect.top() + 7, size::iconTable, size::iconTable
                ),
                Icon::Done, c.accent
            );
        const QRect text = option.rect.adjusted(checkWidth, 0, -space::medium, 0);
        const QString help = index.data(helpRole).toString();
        painter->setFont(fontOf(TextRole::Help));
        painter->setPen(c.muted);
        painter->drawText(text, Qt::AlignRight | Qt::AlignVCenter, help);
        const int helpWidth
            = help.isEmpty() ? 0 : painter->fontMetrics().horizontalAdvance(help) + space::normal;
        painter->setFont(fontOf(TextRole::Body));
        painter->setPen(c.text);
        painter->drawText(
            text, Qt::AlignLeft | Qt::AlignVCenter,
            painter->fontMetrics().elidedText(
                index.data(Qt::DisplayRole).toString(), Qt::ElideRight, text.width() - helpWidth
            )
        );
    }

    [[nodiscard]] QSize
    sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const override
    {
        const QFontMetrics body(fontOf(TextRole::Body));
        const QFontMetrics help(fontOf(TextRole::Help));
        return { checkWidth + body.horizontalAdvance(index.data(Qt::DisplayRole).toString())
                     + space::large + help.horizontalAdvance(index.data(helpRole).toString()),
                 rowHeight };
    }
};

/// The list below a picker. Keys typed in the list go to the search field and the other way round.
class ChoicePopup final : public QFrame {
public:
    ChoicePopup(
        const std::vector<Picker::Choice>& choices, const QString& current, const QString& name,
        QWidget* parent
    )
        : QFrame(parent, Qt::Popup)
        , m_model(new QStandardItemModel(this))
        , m_proxy(new QSortFilterProxyModel(this))
        , m_list(new QListView(this))
    {
        setAttribute(Qt::WA_DeleteOnClose);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(1, space::tiny, 1, space::tiny);
        layout->setSpacing(space::tiny);
        fillModel(choices, current);
        if (choices.size() >= searchedFrom)
            layout->addWidget(makeSearch());
        setUpList(name);
        layout->addWidget(m_list);
        m_list->setCurrentIndex(m_proxy->mapFromSource(m_model->index(currentRow(), 0)));
    }

    [[nodiscard]] QListView* list() const { return m_list; }

    [[nodiscard]] QSize popupSize() const
    {
        int widest = popupWidthMin;
        for (int row = 0; row < m_model->rowCount(); ++row)
            widest = std::max(
                widest,
                m_list->itemDelegate()
                    ->sizeHint(QStyleOptionViewItem(), m_model->index(row, 0))
                    .width()
            );
        const int rows = std::clamp(m_model->rowCount(), 1, rowsShownMax);
        const int search = m_search == nullptr ? 0 : size::control + 2 * space::tiny;
        return { std::min(widest + space::normal, popupWidthMax),
                 rows * rowHeight + search + 2 * space::tiny + 2 };
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        const Colours c = coloursOf(palette());
        painter.fillRect(rect(), c.panel);
        painter.setPen(c.border);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }

    void showEvent(QShowEvent* event) override
    {
        QFrame::showEvent(event);
        (m_search == nullptr ? static_cast<QWidget*>(m_list) : m_search)->setFocus();
        m_list->scrollTo(m_list->currentIndex());
    }

    void keyPressEvent(QKeyEvent* event) override
    {
        if (event->key() == Qt::Key_Escape)
            close();
        else
            QFrame::keyPressEvent(event);
    }

private:
    void fillModel(const std::vector<Picker::Choice>& choices, const QString& current)
    {
        for (const auto& choice : choices) {
            auto* item = new QStandardItem(choice.text);
            item->setEditable(false);
            item->setData(choice.id, idRole);
            item->setData(choice.help, helpRole);
            item->setData(choice.id == current, currentRole);
            m_model->appendRow(item);
        }
        m_proxy->setSourceModel(m_model);
        m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    }

    QWidget* makeSearch()
    {
        auto* row = new QWidget(this);
        auto* layout = new QVBoxLayout(row);
        layout->setContentsMargins(space::small, space::tiny, space::small, 0);
        m_search
            = new SearchField(QCoreApplication::translate("quittance::ui::Picker", "Search"), row);
        m_search->setPause(0);
        layout->addWidget(m_search);
        connect(m_search, &SearchField::searchChanged, this, [this](const QString& text) {
            m_proxy->setFilterFixedString(text);
            m_list->setCurrentIndex(m_proxy->index(0, 0));
        });
        connect(m_search, &SearchField::movedToResults, m_list, qOverload<>(&QWidget::setFocus));
        connect(m_search, &QLineEdit::returnPressed, this, [this] {
            emit m_list->activated(m_list->currentIndex());
        });
        connect(m_search, &SearchField::left, this, &QWidget::close);
        return row;
    }

    void setUpList(const QString& name)
    {
        m_list->setModel(m_proxy);
        m_list->setItemDelegate(new ChoiceDelegate(m_list));
        m_list->setFrameShape(QFrame::NoFrame);
        m_list->setMouseTracking(true);
        m_list->setUniformItemSizes(true);
        m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
        m_list->setAccessibleName(name);
    }

    [[nodiscard]] int currentRow() const
    {
        for (int row = 0; row < m_model->rowCount(); ++row)
            if (m_model->index(row, 0).data(currentRole).toBool())
                return row;
        return 0;
    }

    QStandardItemModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QListView* m_list;
    SearchField* m_search = nullptr;
};

} // namespace

Picker::Picker(QString label, QWidget* parent)
    : QAbstractButton(parent)
    , m_label(std::move(label))
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(this, &QAbstractButton::clicked, this, &Picker::open);
    refreshName();
}

void Picker::setSymbol(Icon meaning)
{
    m_symbol = meaning;
    updateGeometry();
    update();
}

void Picker::setLabelShown(bool shown)
{
    m_labelShown = shown;
    updateGeometry();
    update();
}

void Picker::setChoices(std::vector<Choice> choices)
{
    m_choices = std::move(choices);
    const bool known
        = std::any_of(m_choices.begin(), m_choices.end(), [this](const Choice& choice) {
              return choice.id == m_current;
          });
    if (!known)
        m_current = m_choices.empty() ? QString() : m_choices.front().id;
    refreshName();
}

void Picker::setCurrent(const QString& id)
{
    const bool known = std::any_of(m_choices.begin(), m_choices.end(), [&id](const Choice& choice) {
        return choice.id == id;
    });
    if (known)
        m_current = id;
    refreshName();
}

void Picker::setValueText(const QString& text)
{
    m_valueText = text;
    refreshName();
}

QString Picker::valueText() const
{
    if (!m_valueText.isEmpty())
        return m_valueText;
    for (const Choice& choice : m_choices)
        if (choice.id == m_current)
            return choice.text;
    return {};
}

void Picker::setMaximumTextWidth(int pixels)
{
    m_textWidthMax = pixels;
    updateGeometry();
}

void Picker::open()
{
    if (m_choices.empty()) {
        emit opening();
        return;
    }
    auto* popup = new ChoicePopup(m_choices, m_current, m_label, this);
    m_popup = popup;
    const auto take = [this, popup](const QModelIndex& index) {
        if (!index.isValid())
            return;
        const QString id = index.data(idRole).toString();
        popup->close();
        choose(id);
    };
    connect(popup->list(), &QAbstractItemView::clicked, this, take);
    connect(popup->list(), &QAbstractItemView::activated, this, take);
    QSize wanted = popup->popupSize();
    wanted.setWidth(std::max(wanted.width(), width()));
    QRect place(mapToGlobal(QPoint(0, height() + space::tiny)), wanted);
    const QRect free = screen()->availableGeometry();
    if (place.bottom() > free.bottom())
        place.moveBottom(
            std::max(mapToGlobal(QPoint(0, -space::tiny)).y(), free.top() + place.height())
        );
    place.moveLeft(
        std::clamp(place.left(), free.left(), std::max(free.left(), free.right() - place.width()))
    );
    popup->setGeometry(place);
    popup->show();
}

int Picker::leadWidth() const
{
    const QFontMetrics metrics(fontOf(TextRole::Body));
    const int symbol = m_symbol == Icon::None ? 0 : size::iconTable + space::small;
    const int label = m_labelShown ? metrics.horizontalAdvance(m_label) + space::small : 0;
    return sidePadding + symbol + label;
}

QSize Picker::sizeHint() const
{
    const QFontMetrics metrics(fontOf(TextRole::Body));
    const int text = std::min(metrics.horizontalAdvance(valueText()) + 1, m_textWidthMax);
    return { leadWidth() + text + space::small + arrowEdge + space::small, size::control };
}

QSize Picker::minimumSizeHint() const
{
    constexpr int textMin = 48;
    const QFontMetrics metrics(fontOf(TextRole::Body));
    const int text = std::min(metrics.horizontalAdvance(valueText()) + 1, textMin);
    return { leadWidth() + text + space::small + arrowEdge + space::small, size::control };
}

void Picker::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Colours c = coloursOf(palette());
    const QColor fill = !isEnabled() ? c.soft : underMouse() || isDown() ? c.soft : c.panel;
    drawRoundedBox(painter, rect(), fill, isEnabled() ? c.border : c.line);
    if (hasFocus() && m_ring)
        drawFocusRing(painter, rect(), c.accent);
    int x = sidePadding;
    const int iconTop = (height() - size::iconTable) / 2;
    if (m_symbol != Icon::None) {
        drawIcon(painter, { x, iconTop, size::iconTable, size::iconTable }, m_symbol, c.muted);
        x += size::iconTable + space::small;
    }
    painter.setFont(fontOf(TextRole::Body));
    if (m_labelShown) {
        painter.setPen(c.muted);
        painter.drawText(
            QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, m_label
        );
    }
    const QRect text(
        leadWidth(), 0, width() - leadWidth() - arrowEdge - 2 * space::small, height()
    );
    painter.setPen(isEnabled() ? c.text : c.disabled);
    painter.drawText(
        text, Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(valueText(), Qt::ElideRight, text.width() + 1)
    );
    drawChevron(
        painter, QRectF(width() - arrowEdge - space::small, iconTop, arrowEdge, arrowEdge),
        Qt::DownArrow, c.text
    );
}

void Picker::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Return
        || event->key() == Qt::Key_Enter)
        open();
    else
        QAbstractButton::keyPressEvent(event);
}

void Picker::focusInEvent(QFocusEvent* event)
{
    m_ring = isKeyboardReason(event->reason());
    QAbstractButton::focusInEvent(event);
}

void Picker::choose(const QString& id)
{
    if (id == m_current)
        return;
    setCurrent(id);
    emit chosen(id);
}

void Picker::refreshName()
{
    setAccessibleName(QStringLiteral("%1: %2").arg(m_label, valueText()));
    updateGeometry();
    update();
}

} // namespace quittance::ui

#include "moc_picker.cpp"
