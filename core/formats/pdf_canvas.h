#pragma once

#include "core/domain/result.h"
#include "core/domain/time.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace quittance::formats {

/// Lengths are points (1/72 inch), y grows downward.
constexpr double a4WidthPt = 595.28;
constexpr double a4HeightPt = 841.89;

struct Colour {
    double red = 0;
    double green = 0;
    double blue = 0;

    [[nodiscard]] static Colour hex(std::string_view text
    ); ///< "#2f5fd0"; black where it is no colour
};

struct TextStyle {
    double sizePt = 9;
    bool bold = false;
    Colour colour;
};

/// A text laid out in a font that has its letters, whatever the script.
class TextBlock {
public:
    struct Layout;
    explicit TextBlock(std::shared_ptr<Layout> layout);
    [[nodiscard]] double widthPt() const;
    [[nodiscard]] double heightPt() const;
    [[nodiscard]] const Layout& layout() const { return *m_layout; }

private:
    std::shared_ptr<Layout> m_layout;
};

struct PdfInformation {
    std::string title;
    std::string author;
    std::string language; ///< BCP 47; decides between forms of one character (Japanese, Chinese)
    Instant created; ///< fixed, so that the same document is the same bytes
};

/// A4 pages, drawn by pango and cairo.
class PdfCanvas {
public:
    /// Unavailable where no font is installed: every letter would be a box, and nothing would say
    /// so.
    [[nodiscard]] static Result<PdfCanvas> create(const PdfInformation& information);
    PdfCanvas(PdfCanvas&& other) noexcept;
    PdfCanvas& operator=(PdfCanvas&& other) noexcept;
    PdfCanvas(const PdfCanvas&) = delete;
    PdfCanvas& operator=(const PdfCanvas&) = delete;
    ~PdfCanvas();

    /// Wrapped at `widthPt`; 0 = one line.
    [[nodiscard]] TextBlock
    layOut(std::string_view text, const TextStyle& style, double widthPt = 0);
    /// One line, in a smaller size where it would be wider than `widthMaxPt`.
    [[nodiscard]] TextBlock
    layOutFitting(std::string_view text, TextStyle style, double widthMaxPt);

    void draw(const TextBlock& text, double x, double y);
    void drawRight(const TextBlock& text, double right, double y);
    void drawTurned(const TextBlock& text, double centreX, double centreY, double degrees);
    void line(double x1, double x2, double y, Colour colour, double thicknessPt = 0.6);
    void box(double x, double y, double width, double height, double radius, Colour fill);
    /// A picture scaled into the box, its proportions kept. False where it is no SVG.
    bool svg(std::string_view bytes, double x, double y, double width, double height);
    void nextPage();
    /// Ends the document.
    [[nodiscard]] Result<std::string> finish();

private:
    struct State;
    explicit PdfCanvas(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace quittance::formats
