#include "core/formats/bill_pdf.h"

#include "core/domain/rating/rating.h"
#include "core/domain/time_zone.h"
#include "core/formats/pdf_canvas.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace quittance::formats {

namespace {

constexpr double margin = 48;
constexpr double contentRight = a4WidthPt - margin;
constexpr double contentWidth = a4WidthPt - 2 * margin;
constexpr double footerTop = a4HeightPt - 62;
constexpr double bodyBottom = footerTop - 14;
constexpr double cellGap = 9;
constexpr double rowPadding = 4.5;
constexpr int percentDigits = 4; // millionths are 1e-4 of a percent

constexpr std::string_view inkHex = "#1c2230";
constexpr std::string_view mutedHex = "#5d6675";
constexpr std::string_view lineHex = "#d5d9df";
constexpr std::string_view panelHex = "#f3f5f9";
constexpr std::string_view draftHex = "#eceef2";

TextStyle ink(double size, bool bold = false)
{
    return { size, bold, Colour::hex(inkHex) };
}

TextStyle muted(double size)
{
    return { size, false, Colour::hex(mutedHex) };
}

/// "1234567.50" -> "1,234,567.50": the digits before the point in groups of three.
std::string grouped(std::string_view number)
{
    constexpr std::size_t group = 3;
    const auto begin = number.starts_with('-') ? std::size_t { 1 } : std::size_t { 0 };
    const auto end = std::min(number.find('.'), number.size());
    std::string out(number.substr(0, begin));
    for (auto at = begin; at < end; ++at) {
        if (at > begin && (end - at) % group == 0)
            out += ',';
        out += number[at];
    }
    out += number.substr(end);
    return out;
}

std::string amount(const Money& money)
{
    return grouped(amountText(money));
}

std::string percentText(std::int64_t millionths)
{
    return formatFixed(millionths, percentDigits, true) + "%";
}

constexpr std::array<std::string_view, 12> monthNames { "January", "February", "March",
                                                        "April",   "May",      "June",
                                                        "July",    "August",   "September",
                                                        "October", "November", "December" };

std::string longDate(Date date)
{
    const auto day = civil(date);
    return fmt::format(
        "{} {} {}", day.day, monthNames.at(static_cast<std::size_t>(day.month - 1)), day.year
    );
}

std::string longMonth(Month month)
{
    const auto day = civil(firstDay(month));
    return fmt::format("{} {}", monthNames.at(static_cast<std::size_t>(day.month - 1)), day.year);
}

std::string kindTitle(DocumentKind kind)
{
    switch (kind) {
    case DocumentKind::CreditNote:
        return "Credit note";
    case DocumentKind::Fee:
        return "Fee";
    case DocumentKind::Invoice:
        break;
    }
    return "Invoice";
}

/// UNTDID 5305, in words that a buyer knows.
std::string taxTitle(const TaxRate& tax)
{
    if (tax.category == "S")
        return "VAT " + percentText(tax.millionths);
    if (tax.category == "Z")
        return "VAT 0% (zero rated)";
    if (tax.category == "E")
        return "Exempt from VAT";
    if (tax.category == "AE")
        return "VAT, reverse charge";
    if (tax.category == "O")
        return "Not subject to VAT";
    return fmt::format("VAT {} ({})", percentText(tax.millionths), tax.category);
}

/// One row of the table of lines: a service's name, or a line.
struct Row {
    std::optional<TextBlock> service;
    std::optional<TextBlock> name;
    std::optional<TextBlock> detail;
    std::optional<TextBlock> quantity;
    std::optional<TextBlock> unit;
    std::optional<TextBlock> rate;
    std::optional<TextBlock> discount;
    std::optional<TextBlock> total;

    [[nodiscard]] double height() const
    {
        if (service)
            return service->heightPt() + 3 * rowPadding;
        const auto below = detail ? detail->heightPt() + 1 : 0;
        return name->heightPt() + below + 2 * rowPadding;
    }
};

/// Where the columns of the table end; the name takes what the others leave.
struct TableColumns {
    double unitWidth = 58;
    double quantityWidth = 80;
    double rateWidth = 62;
    double discountWidth = 0;
    double totalWidth = 76;

    [[nodiscard]] double discountRight() const { return contentRight - totalWidth - cellGap; }
    [[nodiscard]] double rateRight() const
    {
        return discountRight() - (discountWidth > 0 ? discountWidth + cellGap : 0);
    }
    [[nodiscard]] double unitLeft() const { return rateRight() - rateWidth - cellGap - unitWidth; }
    [[nodiscard]] double quantityRight() const { return unitLeft() - 4; }
    [[nodiscard]] double nameWidth() const
    {
        return quantityRight() - quantityWidth - cellGap - margin;
    }
};

/// "50 k calls × 0.05 (tier 1)": one step of a line that has no single rate.
std::string stepText(const BillLine& line, const StepArithmetic& step)
{
    const std::string tier = step.tier == 0 ? "" : fmt::format(" (tier {})", step.tier);
    switch (step.kind) {
    case StepKind::Free:
        return fmt::format("{} {} free", grouped(step.quantity), line.unit);
    case StepKind::Units:
        return fmt::format(
            "{} {} × {}{}", grouped(step.quantity), line.unit, grouped(step.rate), tier
        );
    case StepKind::Packages:
        return fmt::format(
            "{} × {} {} at {}", grouped(step.quantity), grouped(step.size), line.unit,
            grouped(step.rate)
        );
    case StepKind::Flat:
        return fmt::format("Flat amount{}", tier);
    case StepKind::PercentOff:
        return fmt::format("{}, {}%", step.name, step.percent);
    case StepKind::AmountOff:
        return step.name;
    case StepKind::Minimum:
        return fmt::format("Up to the minimum of {}", grouped(step.rate));
    case StepKind::Commitment:
        return "Committed amount";
    case StepKind::Covered:
        return "Charges that it covers";
    case StepKind::Billed:
        return fmt::format("Rounded, less {} billed by {}", grouped(step.rate), step.name);
    }
    return {};
}

/// What stands above lines that belong together.
std::string groupTitle(const BillLine& line)
{
    if (!line.corrects)
        return line.service;
    return fmt::format(
        "Correction of {}, {}: {}", line.corrects->number, longMonth(line.corrects->month),
        line.service
    );
}

/// The steps of a line, one below the other; "" for a line whose columns say it all.
std::string stepsText(const BillLine& line, const LineArithmetic& arithmetic)
{
    std::vector<std::string> rows;
    if (line.steps.empty())
        return {};
    for (const StepArithmetic& step : arithmetic.steps)
        rows.push_back(fmt::format("{} = {}", stepText(line, step), grouped(step.amount)));
    return fmt::format("{}", fmt::join(rows, "\n"));
}

class BillPrinter {
public:
    BillPrinter(const Bill& bill, const BillPrint& print, PdfCanvas canvas)
        : m_bill(&bill)
        , m_print(&print)
        , m_canvas(std::move(canvas))
        , m_accent(Colour::hex(print.accent))
    {
        const auto discounted = std::ranges::any_of(bill.lines, [](const auto& line) {
            return line.discountMillionths != 0;
        });
        constexpr double discountWidth = 46;
        m_columns.discountWidth = discounted ? discountWidth : 0;
    }

    Result<std::string> print();

private:
    Result<> makeRows();
    Result<Row> lineRow(const BillLine& line);
    [[nodiscard]] std::string detailText(const BillLine& line) const;
    void countPages();
    [[nodiscard]] double endHeight() const;
    void firstPageHead();
    void laterPageHead();
    void brand(double y);
    void parties(double y);
    double
    partyBlock(const std::string& title, const BillParty& party, double x, double y, double width);
    double facts(double x, double y);
    double callout(double y);
    void tableHead();
    void rowsOfPage(std::size_t begin, std::size_t end);
    void drawRow(const Row& row);
    void drawEnd();
    void totalRow(const std::string& title, const Money& value, bool strong);
    [[nodiscard]] double payment(double y);
    void notes(double y);
    void footer();
    void draftMark();

    [[nodiscard]] bool isDraft() const { return m_bill->summary.number.empty(); }
    [[nodiscard]] std::string currency() const { return m_bill->summary.total.currency.code(); }

    const Bill* m_bill;
    const BillPrint* m_print;
    PdfCanvas m_canvas;
    Colour m_accent;
    TableColumns m_columns;
    std::vector<Row> m_rows;
    std::vector<std::size_t> m_pageEnds; ///< the row after the last of each page
    std::size_t m_page = 0;
    std::size_t m_pageCount = 1;
    double m_tableTop = 0; ///< of the first page, under head and parties
    double m_y = 0;
};

constexpr double laterTop = 82;
constexpr double tableHeadHeight = 22;

Result<std::string> BillPrinter::print()
{
    QUITTANCE_CHECK(makeRows());
    draftMark();
    firstPageHead();
    m_tableTop = m_y;
    countPages();
    std::size_t begin = 0;
    for (m_page = 0; m_page < m_pageCount; ++m_page) {
        if (m_page > 0) {
            m_canvas.nextPage();
            draftMark();
            laterPageHead();
        }
        const auto end = m_page < m_pageEnds.size() ? m_pageEnds[m_page] : begin;
        if (begin < end || m_page == 0)
            tableHead();
        rowsOfPage(begin, end);
        begin = end;
        if (m_page + 1 == m_pageCount)
            drawEnd();
        footer();
    }
    m_canvas.nextPage();
    return m_canvas.finish();
}

Result<> BillPrinter::makeRows()
{
    std::string before;
    for (const auto& line : m_bill->lines) {
        if (const std::string title = groupTitle(line); before != title) {
            Row row;
            row.service = m_canvas.layOut(title, ink(9.5, true), contentWidth);
            m_rows.push_back(std::move(row));
            before = title;
        }
        QUITTANCE_TRY(auto row, lineRow(line));
        m_rows.push_back(std::move(row));
    }
    return {};
}

Result<Row> BillPrinter::lineRow(const BillLine& line)
{
    QUITTANCE_TRY(const auto arithmetic, explain(line));
    Row row;
    row.name = m_canvas.layOut(line.name, ink(9), m_columns.nameWidth());
    std::string detail = detailText(line);
    if (const auto steps = stepsText(line, arithmetic); !steps.empty())
        detail += (detail.empty() ? "" : "\n") + steps;
    if (!detail.empty())
        row.detail = m_canvas.layOut(detail, muted(7.5), m_columns.quantityRight() - margin);
    const bool isOfUse = !line.meter.empty(); // what a commitment lacks has no quantity
    row.quantity = m_canvas.layOutFitting(
        isOfUse ? grouped(arithmetic.quantity) : "", ink(9), m_columns.quantityWidth
    );
    row.unit = m_canvas.layOutFitting(line.unit, muted(9), m_columns.unitWidth);
    row.rate = m_canvas.layOutFitting(grouped(arithmetic.rate), ink(9), m_columns.rateWidth);
    if (line.discountMillionths != 0)
        row.discount = m_canvas.layOutFitting(
            "-" + percentText(line.discountMillionths), ink(9), m_columns.discountWidth
        );
    row.total = m_canvas.layOutFitting(amount(line.amount), ink(9), m_columns.totalWidth);
    return row;
}

/// What a buyer asks about a line: which part of the month, which discount, and the tax where the
/// bill has several.
std::string BillPrinter::detailText(const BillLine& line) const
{
    std::vector<std::string> parts;
    if (line.period != m_bill->summary.period) {
        const auto zone = TimeZone::find(m_bill->timeZone).value_or(TimeZone::utc());
        const auto last = Instant { line.period.end.micros - 1 };
        parts.push_back(fmt::format(
            "{} to {}", longDate(zone.dateAt(line.period.begin)), longDate(zone.dateAt(last))
        ));
    }
    if (line.discountMillionths != 0)
        parts.push_back(line.discountName);
    if (m_bill->taxes.size() > 1)
        parts.push_back(taxTitle(line.tax));
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// Fills pages with whole rows; a service's name is never the last row of a page, and the totals
/// stay in one piece.
void BillPrinter::countPages()
{
    auto y = m_tableTop + tableHeadHeight;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        auto needed = m_rows[i].height();
        if (m_rows[i].service && i + 1 < m_rows.size())
            needed += m_rows[i + 1].height();
        const auto isFirstOfPage = !m_pageEnds.empty() ? i == m_pageEnds.back() : i == 0;
        if (y + needed > bodyBottom && !isFirstOfPage) {
            m_pageEnds.push_back(i);
            y = laterTop + tableHeadHeight;
        }
        y += m_rows[i].height();
    }
    m_pageEnds.push_back(m_rows.size());
    m_pageCount = m_pageEnds.size();
    if (y + endHeight() > bodyBottom)
        ++m_pageCount;
}

void BillPrinter::draftMark()
{
    if (!isDraft())
        return;
    constexpr double size = 120;
    constexpr double degrees = -55;
    const auto mark = m_canvas.layOut("DRAFT", { size, true, Colour::hex(draftHex) });
    m_canvas.drawTurned(mark, a4WidthPt / 2, a4HeightPt / 2, degrees);
}

void BillPrinter::brand(double y)
{
    constexpr double logoSize = 30;
    auto x = margin;
    if (m_canvas.svg(m_print->logoSvg, x, y, logoSize, logoSize))
        x += logoSize + 10;
    const auto name = m_canvas.layOut(m_print->brandName, ink(17, true));
    m_canvas.draw(name, x, y + (logoSize - name.heightPt()) / 2);
}

void BillPrinter::firstPageHead()
{
    constexpr double top = 44;
    brand(top);
    const auto title = m_canvas.layOut(kindTitle(m_bill->summary.kind), ink(17, true));
    m_canvas.drawRight(title, contentRight, top + (30 - title.heightPt()) / 2);
    parties(top + 30 + 20);
}

void BillPrinter::laterPageHead()
{
    constexpr double top = 44;
    const auto name = m_canvas.layOut(m_print->brandName, ink(9, true));
    m_canvas.draw(name, margin, top);
    const auto what = isDraft()
        ? fmt::format("{}, draft", kindTitle(m_bill->summary.kind))
        : fmt::format("{} {}", kindTitle(m_bill->summary.kind), m_bill->summary.number);
    m_canvas.drawRight(m_canvas.layOut(what, muted(9)), contentRight, top);
    m_canvas.line(margin, contentRight, top + name.heightPt() + 7, Colour::hex(lineHex));
    m_y = laterTop;
}

void BillPrinter::parties(double y)
{
    constexpr double factsWidth = 190;
    constexpr double gap = 16;
    const auto partyWidth = (contentWidth - factsWidth) / 2 - gap;
    auto bottom = partyBlock("Billed to", m_bill->buyer, margin, y, partyWidth);
    bottom = std::max(
        bottom, partyBlock("From", m_bill->seller, margin + partyWidth + gap, y, partyWidth)
    );
    bottom = std::max(bottom, facts(contentRight - factsWidth, y));
    m_y = callout(bottom + 16);
}

double BillPrinter::partyBlock(
    const std::string& title, const BillParty& party, double x, double y, double width
)
{
    const auto put = [&](const std::string& text, const TextStyle& style) {
        if (text.empty())
            return;
        const auto block = m_canvas.layOut(text, style, width);
        m_canvas.draw(block, x, y);
        y += block.heightPt() + 1;
    };
    put(title, muted(8));
    put(party.legalName, ink(9.5, true));
    for (const auto& line : party.addressLines)
        put(line, ink(9));
    put(party.country, ink(9));
    for (const auto& id : party.taxIds)
        put("Tax id " + id, muted(8.5));
    return y;
}

double BillPrinter::facts(double x, double y)
{
    constexpr double labelWidth = 82;
    const auto& summary = m_bill->summary;
    const auto put = [&](const std::string& label, const std::string& value, bool bold = false) {
        if (value.empty())
            return;
        m_canvas.draw(m_canvas.layOut(label, muted(9)), x, y);
        const auto text = m_canvas.layOut(value, ink(9, bold), contentRight - x - labelWidth);
        m_canvas.draw(text, x + labelWidth, y);
        y += text.heightPt() + 4;
    };
    put("Number", isDraft() ? "Draft, not issued" : summary.number, true);
    put("Period", longMonth(summary.periodMonth));
    put("Time zone", m_bill->timeZone);
    put("Issued", summary.issued ? longDate(*summary.issued) : "");
    put("Due", summary.due ? longDate(*summary.due) : "");
    put("Account", summary.accountName);
    put("Purchase order", m_bill->buyer.purchaseOrder);
    put("Your reference", m_bill->buyer.buyerReference);
    return y;
}

/// What matters first: how much, and by when.
double BillPrinter::callout(double y)
{
    constexpr double height = 44;
    const auto& summary = m_bill->summary;
    m_canvas.box(margin, y, contentWidth, height, 5, Colour::hex(panelHex));
    m_canvas.box(margin, y, 4, height, 2, m_accent);
    auto label = std::string("Total");
    if (summary.kind == DocumentKind::CreditNote)
        label = "Credited to you";
    else if (summary.due)
        label = fmt::format("To be paid by {}", longDate(*summary.due));
    const auto caption = m_canvas.layOut(label, muted(9.5));
    m_canvas.draw(caption, margin + 16, y + (height - caption.heightPt()) / 2);
    const auto total = m_canvas.layOutFitting(
        fmt::format("{} {}", amount(summary.total), currency()), ink(16, true), contentWidth / 2
    );
    m_canvas.drawRight(total, contentRight - 14, y + (height - total.heightPt()) / 2);
    return y + height + 16;
}

void BillPrinter::tableHead()
{
    const auto style = muted(8);
    const auto y = m_y + 4;
    m_canvas.draw(m_canvas.layOut("Description", style), margin, y);
    m_canvas.drawRight(m_canvas.layOut("Quantity", style), m_columns.quantityRight(), y);
    m_canvas.drawRight(
        m_canvas.layOut(fmt::format("Rate, {}", currency()), style), m_columns.rateRight(), y
    );
    if (m_columns.discountWidth > 0)
        m_canvas.drawRight(m_canvas.layOut("Discount", style), m_columns.discountRight(), y);
    m_canvas.drawRight(
        m_canvas.layOut(fmt::format("Amount, {}", currency()), style), contentRight, y
    );
    m_y += tableHeadHeight;
    m_canvas.line(margin, contentRight, m_y - 3, Colour::hex(inkHex), 0.8);
}

void BillPrinter::rowsOfPage(std::size_t begin, std::size_t end)
{
    for (auto i = begin; i < end; ++i) {
        drawRow(m_rows[i]);
        const auto isBeforeService = i + 1 < end && m_rows[i + 1].service.has_value();
        if (!m_rows[i].service && !isBeforeService)
            m_canvas.line(margin, contentRight, m_y, Colour::hex(lineHex), 0.4);
    }
}

void BillPrinter::drawRow(const Row& row)
{
    if (row.service) {
        m_canvas.draw(*row.service, margin, m_y + 2 * rowPadding);
        m_y += row.height();
        return;
    }
    const auto y = m_y + rowPadding;
    // Numbers set smaller to fit stand on the same line as the others, near enough: they share the
    // row's top.
    m_canvas.draw(*row.name, margin, y);
    if (row.detail)
        m_canvas.draw(*row.detail, margin, y + row.name->heightPt() + 1);
    m_canvas.drawRight(*row.quantity, m_columns.quantityRight(), y);
    m_canvas.draw(*row.unit, m_columns.unitLeft(), y);
    m_canvas.drawRight(*row.rate, m_columns.rateRight(), y);
    if (row.discount)
        m_canvas.drawRight(*row.discount, m_columns.discountRight(), y);
    m_canvas.drawRight(*row.total, contentRight, y);
    m_y += row.height();
}

constexpr double totalRowHeight = 17;
constexpr double strongRowHeight = 21;
constexpr double totalsWidth = 250;
constexpr double endGap = 12;
constexpr double paymentLineHeight = 13;
constexpr double noteHeight = 26; ///< the tax note and the one on rounding

/// Totals at the right, how to pay at the left, notes below.
double BillPrinter::endHeight() const
{
    const auto totals
        = totalRowHeight * static_cast<double>(m_bill->taxes.size() + 1) + strongRowHeight;
    const auto bank = paymentLineHeight * static_cast<double>(m_print->bankLines.size() + 2);
    return endGap + std::max(totals, bank) + endGap + noteHeight;
}

void BillPrinter::totalRow(const std::string& title, const Money& value, bool strong)
{
    constexpr double titleLeft = contentRight - totalsWidth;
    const auto style = strong ? ink(11, true) : ink(9);
    const auto y = m_y + (strong ? 4 : 2);
    m_canvas.draw(m_canvas.layOutFitting(title, style, 170), titleLeft, y);
    m_canvas.drawRight(m_canvas.layOutFitting(amount(value), style, 86), contentRight, y);
    m_y += strong ? strongRowHeight : totalRowHeight;
}

void BillPrinter::drawEnd()
{
    const auto& summary = m_bill->summary;
    m_y += endGap;
    const auto paymentEnd = payment(m_y + 2);
    totalRow("Net", summary.net, false);
    for (const auto& tax : m_bill->taxes)
        totalRow(
            m_bill->taxes.size() > 1 ? fmt::format("{} on {}", taxTitle(tax.tax), amount(tax.net))
                                     : taxTitle(tax.tax),
            tax.amount, false
        );
    m_canvas.line(contentRight - totalsWidth, contentRight, m_y + 1, Colour::hex(inkHex), 0.8);
    totalRow(fmt::format("Total, {}", currency()), summary.total, true);
    notes(std::max(m_y, paymentEnd) + endGap);
}

void BillPrinter::notes(double y)
{
    if (!m_print->taxNote.empty()) {
        const auto tax = m_canvas.layOut(m_print->taxNote, ink(8.5), contentWidth);
        m_canvas.draw(tax, margin, y);
        y += tax.heightPt() + 3;
    }
    const auto rounding = m_canvas.layOut(
        "Quantities are shown with at most 6 decimals. Each amount is calculated from the exact "
        "quantity and rounded "
        "once.",
        muted(7.5), contentWidth
    );
    m_canvas.draw(rounding, margin, y);
}

/// How to pay; gives where it ends.
double BillPrinter::payment(double y)
{
    if (m_print->bankLines.empty() || m_bill->summary.kind == DocumentKind::CreditNote)
        return y;
    const auto put = [&](const std::string& text, const TextStyle& style) {
        m_canvas.draw(
            m_canvas.layOutFitting(text, style, contentWidth - totalsWidth - endGap), margin, y
        );
        y += paymentLineHeight;
    };
    put("Payment by bank transfer", ink(9, true));
    for (const auto& line : m_print->bankLines)
        put(line, ink(9));
    if (!isDraft())
        put("Reference " + m_bill->summary.number, ink(9));
    return y;
}

void BillPrinter::footer()
{
    const auto style = muted(7.5);
    m_canvas.line(margin, contentRight, footerTop, Colour::hex(lineHex));
    const auto& seller = m_bill->seller;
    std::vector<std::string> legal { seller.legalName };
    legal.insert(legal.end(), seller.addressLines.begin(), seller.addressLines.end());
    legal.push_back(seller.country);
    for (const auto& id : seller.taxIds)
        legal.push_back("Tax id " + id);
    std::vector<std::string> contact;
    for (const auto& text :
         { seller.email.empty() ? m_print->supportEmail : seller.email, m_print->website })
        if (!text.empty())
            contact.push_back(text);
    const auto page = m_canvas.layOut(fmt::format("{} / {}", m_page + 1, m_pageCount), style);
    m_canvas.drawRight(page, contentRight, footerTop + 7);
    const auto width = contentWidth - page.widthPt() - 24;
    const auto text = fmt::format("{}\n{}", fmt::join(legal, " · "), fmt::join(contact, " · "));
    m_canvas.draw(m_canvas.layOut(text, style, width), margin, footerTop + 7);
}

} // namespace

BillPrint billPrint(const Brand& brand, std::string_view entityCode)
{
    BillPrint out {
        brand.name, brand.logoSvg, brand.accentLight, brand.website, brand.supportEmail, {}, {}
    };
    auto entity = std::ranges::find(brand.entities, entityCode, &BrandEntity::code);
    if (entity == brand.entities.end())
        entity = brand.entities.begin();
    if (entity != brand.entities.end()) {
        out.bankLines = entity->bankLines;
        out.taxNote = entity->taxNote;
    }
    return out;
}

Result<std::string> billPdf(const Bill& bill, const BillPrint& print)
{
    const auto& summary = bill.summary;
    PdfInformation information;
    information.title = summary.number.empty()
        ? "Draft"
        : fmt::format("{} {}", kindTitle(summary.kind), summary.number);
    information.author = bill.seller.legalName;
    information.language = bill.language.empty() ? "en" : bill.language;
    information.created = summary.issuedAt.value_or(summary.period.end);
    QUITTANCE_TRY(auto canvas, PdfCanvas::create(information));
    return BillPrinter(bill, print, std::move(canvas)).print();
}

} // namespace quittance::formats
