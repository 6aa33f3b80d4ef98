#include "core/formats/pdf_canvas.h"

#include <cairo/cairo-pdf.h>
#include <fmt/format.h>
#include <librsvg/rsvg.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <charconv>
#include <numbers>
#include <utility>

namespace quittance::formats {

namespace {

struct ObjectRelease {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T> using ObjectPtr = std::unique_ptr<T, ObjectRelease>;

struct SurfaceRelease {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct CairoRelease {
    void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
struct FontRelease {
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};

/// Pango asks for its own dots an inch; 72 makes a point a point (else all text is a third too
/// large).
constexpr double dotsPerInch = 72;

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int length)
{
    static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), length);
    return CAIRO_STATUS_SUCCESS;
}

bool hasFonts(PangoFontMap* fonts)
{
    PangoFontFamily** families = nullptr;
    int count = 0;
    pango_font_map_list_families(fonts, &families, &count);
    g_free(static_cast<void*>(families));
    return count > 0;
}

void setSource(cairo_t* cairo, Colour colour)
{
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
}

double channel(std::string_view text)
{
    constexpr double full = 255;
    constexpr int hexadecimal = 16;
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal);
    return value / full;
}

} // namespace

Colour Colour::hex(std::string_view text)
{
    constexpr std::size_t length = 7;
    if (text.size() != length || text.front() != '#')
        return {};
    return { channel(text.substr(1, 2)), channel(text.substr(3, 2)), channel(text.substr(5, 2)) };
}

struct TextBlock::Layout {
    ObjectPtr<PangoLayout> pango;
    Colour colour;
};

TextBlock::TextBlock(std::shared_ptr<Layout> layout)
    : m_layout(std::move(layout))
{
}

double TextBlock::widthPt() const
{
    PangoRectangle logical {};
    pango_layout_get_extents(m_layout->pango.get(), nullptr, &logical);
    return static_cast<double>(logical.width) / PANGO_SCALE;
}

double TextBlock::heightPt() const
{
    PangoRectangle logical {};
    pango_layout_get_extents(m_layout->pango.get(), nullptr, &logical);
    return static_cast<double>(logical.height) / PANGO_SCALE;
}

struct PdfCanvas::State {
    std::string bytes;
    std::unique_ptr<cairo_surface_t, SurfaceRelease> surface;
    std::unique_ptr<cairo_t, CairoRelease> cairo;
    ObjectPtr<PangoContext> context;
};

Result<PdfCanvas> PdfCanvas::create(const PdfInformation& information)
{
    auto* const fonts = pango_cairo_font_map_get_default();
    if (!hasFonts(fonts))
        return failure(
            ErrorCode::Unavailable,
            "no fonts are installed (package fonts-noto-core): a PDF would be unreadable"
        );
    auto state = std::make_unique<State>();
    state->surface.reset(
        cairo_pdf_surface_create_for_stream(append, &state->bytes, a4WidthPt, a4HeightPt)
    );
    auto* const surface = state->surface.get();
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, information.title.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, information.author.c_str());
    const auto created
        = toText(Instant { information.created.micros / microsPerSecond * microsPerSecond });
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
    state->cairo.reset(cairo_create(surface));
    state->context.reset(pango_font_map_create_context(fonts));
    auto* const options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(state->context.get(), options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(state->context.get(), dotsPerInch);
    pango_context_set_round_glyph_positions(state->context.get(), FALSE);
    pango_context_set_language(
        state->context.get(), pango_language_from_string(information.language.c_str())
    );
    return PdfCanvas(std::move(state));
}

PdfCanvas::PdfCanvas(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

PdfCanvas::PdfCanvas(PdfCanvas&& other) noexcept = default;
PdfCanvas& PdfCanvas::operator=(PdfCanvas&& other) noexcept = default;
PdfCanvas::~PdfCanvas() = default;

TextBlock PdfCanvas::layOut(std::string_view text, const TextStyle& style, double widthPt)
{
    auto layout = std::make_shared<TextBlock::Layout>();
    layout->colour = style.colour;
    layout->pango.reset(pango_layout_new(m_state->context.get()));
    auto* const pango = layout->pango.get();
    const std::unique_ptr<PangoFontDescription, FontRelease> font(pango_font_description_new());
    pango_font_description_set_family_static(
        font.get(), "Noto Sans, Open Sans, DejaVu Sans, sans-serif"
    );
    pango_font_description_set_absolute_size(font.get(), style.sizePt * PANGO_SCALE);
    if (style.bold)
        pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(pango, font.get());
    pango_layout_set_text(pango, text.data(), static_cast<int>(text.size()));
    if (widthPt > 0) {
        pango_layout_set_width(pango, static_cast<int>(widthPt * PANGO_SCALE));
        pango_layout_set_wrap(pango, PANGO_WRAP_WORD_CHAR);
        // A hyphen that pango puts where it breaks a name would look like a part of the name.
        auto* const attributes = pango_attr_list_new();
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
        pango_layout_set_attributes(pango, attributes);
        pango_attr_list_unref(attributes);
    } else
        pango_layout_set_single_paragraph_mode(pango, TRUE);
    return TextBlock(std::move(layout));
}

TextBlock PdfCanvas::layOutFitting(std::string_view text, TextStyle style, double widthMaxPt)
{
    auto block = layOut(text, style);
    const auto width = block.widthPt();
    if (width <= widthMaxPt)
        return block;
    style.sizePt *= widthMaxPt / width;
    return layOut(text, style);
}

void PdfCanvas::draw(const TextBlock& text, double x, double y)
{
    auto* const cairo = m_state->cairo.get();
    setSource(cairo, text.layout().colour);
    cairo_move_to(cairo, x, y);
    pango_cairo_show_layout(cairo, text.layout().pango.get());
}

void PdfCanvas::drawRight(const TextBlock& text, double right, double y)
{
    draw(text, right - text.widthPt(), y);
}

void PdfCanvas::drawTurned(const TextBlock& text, double centreX, double centreY, double degrees)
{
    constexpr double halfTurn = 180;
    auto* const cairo = m_state->cairo.get();
    cairo_save(cairo);
    cairo_translate(cairo, centreX, centreY);
    cairo_rotate(cairo, degrees * std::numbers::pi / halfTurn);
    draw(text, -text.widthPt() / 2, -text.heightPt() / 2);
    cairo_restore(cairo);
}

void PdfCanvas::line(double x1, double x2, double y, Colour colour, double thicknessPt)
{
    auto* const cairo = m_state->cairo.get();
    setSource(cairo, colour);
    cairo_set_line_width(cairo, thicknessPt);
    cairo_move_to(cairo, x1, y);
    cairo_line_to(cairo, x2, y);
    cairo_stroke(cairo);
}

void PdfCanvas::box(double x, double y, double width, double height, double radius, Colour fill)
{
    constexpr double quarter = std::numbers::pi / 2;
    auto* const cairo = m_state->cairo.get();
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + width - radius, y + radius, radius, -quarter, 0);
    cairo_arc(cairo, x + width - radius, y + height - radius, radius, 0, quarter);
    cairo_arc(cairo, x + radius, y + height - radius, radius, quarter, 2 * quarter);
    cairo_arc(cairo, x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
    cairo_close_path(cairo);
    setSource(cairo, fill);
    cairo_fill(cairo);
}

bool PdfCanvas::svg(std::string_view bytes, double x, double y, double width, double height)
{
    if (bytes.empty())
        return false;
    const ObjectPtr<RsvgHandle> handle(rsvg_handle_new_from_data(
        reinterpret_cast<const guint8*>(bytes.data()), bytes.size(), nullptr
    ));
    if (!handle)
        return false;
    const RsvgRectangle place { x, y, width, height };
    return rsvg_handle_render_document(handle.get(), m_state->cairo.get(), &place, nullptr) == TRUE;
}

void PdfCanvas::nextPage()
{
    cairo_show_page(m_state->cairo.get());
}

Result<std::string> PdfCanvas::finish()
{
    cairo_surface_finish(m_state->surface.get());
    const auto status = cairo_surface_status(m_state->surface.get());
    if (status != CAIRO_STATUS_SUCCESS)
        return failure(
            ErrorCode::Internal,
            fmt::format("a PDF cannot be made: {}", cairo_status_to_string(status))
        );
    return std::move(m_state->bytes);
}

} // namespace quittance::formats
