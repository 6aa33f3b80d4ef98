#include "core/contract/codec.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>

namespace quittance::contract {

namespace json = boost::json;

namespace {

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

constexpr int percentDigits = 4; // millionths are 1e-4 of a percent

class Reader;
class Writer;

// ---- one description a type: the fields in the order they are written ----

template <class A, Like<TaxTotal> T> void describe(A& a, T& v)
{
    a("category", v.tax.category);
    a.percent("percent", v.tax.millionths);
    a("net", v.net);
    a("amount", v.amount);
}

template <class A, Like<BillParty> T> void describe(A& a, T& v)
{
    a("legalName", v.legalName);
    a("addressLines", v.addressLines);
    a("country", v.country);
    a("taxIds", v.taxIds);
    a("purchaseOrder", v.purchaseOrder);
    a("buyerReference", v.buyerReference);
    a("email", v.email);
}

template <class A, Like<PriceStep> T> void describe(A& a, T& v)
{
    a("kind", v.kind);
    a("tier", v.tier);
    a("name", v.name);
    a("scaledQuantity", v.quantity);
    a("size", v.size);
    a("rate", v.rate);
    a.percent("percent", v.millionths);
}

template <class A, Like<CorrectedBill> T> void describe(A& a, T& v)
{
    a("bill", v.bill);
    a("number", v.number);
    a("period", v.month);
}

template <class A, Like<BillLine> T> void describe(A& a, T& v)
{
    a("number", v.number);
    a("sku", v.sku);
    a("meter", v.meter);
    a("service", v.service);
    a("name", v.name);
    a("periodStart", v.period.begin);
    a("periodEnd", v.period.end);
    a("quantityDigits", v.quantityDigits);
    a.decimal("quantity", v.quantity, v.quantityDigits);
    a("meterUnit", v.meterUnit);
    a("unit", v.unit);
    a("per", v.per);
    a("rate", v.rate);
    a.percent("discountPercent", v.discountMillionths);
    a("discountName", v.discountName);
    a("plan", v.plan);
    a("planVersion", v.planVersion);
    a("taxCategory", v.tax.category);
    a.percent("taxPercent", v.tax.millionths);
    a("amount", v.amount);
    a.addedLater("steps", v.steps);
    a.addedLater("corrects", v.corrects);
}

template <class A, Like<BillSummary> T> void describe(A& a, T& v)
{
    a("id", v.id);
    a("account", v.account);
    a("accountName", v.accountName);
    a("number", v.number);
    a("kind", v.kind);
    a("state", v.state);
    a("period", v.periodMonth);
    a("periodStart", v.period.begin);
    a("periodEnd", v.period.end);
    a("issuedAt", v.issuedAt);
    a("issued", v.issued);
    a("due", v.due);
    a("net", v.net);
    a("tax", v.tax);
    a("total", v.total);
    a("open", v.open);
    a("lineCount", v.lineCount);
    a("missingFields", v.missingFields);
}

template <class A, Like<Bill> T> void describe(A& a, T& v)
{
    a("summary", v.summary);
    a("timeZone", v.timeZone);
    a("timeZoneVersion", v.timeZoneVersion);
    a("language", v.language);
    a("seller", v.seller);
    a("buyer", v.buyer);
    a("lines", v.lines);
    a("taxes", v.taxes);
}

template <class A, Like<CostRow> T> void describe(A& a, T& v)
{
    a("line", v.line);
    a("day", v.day);
    a("project", v.project);
    a("resource", v.resource);
    a("scaledQuantity", v.quantity);
    a("amountMinor", v.amountMinor);
    a("events", v.events);
}

template <class A, Like<BillItem> T> void describe(A& a, T& v)
{
    a("bill", v.bill);
    a("costs", v.costs);
}

template <class A, Like<PriceTier> T> void describe(A& a, T& v)
{
    a("upTo", v.upTo);
    a("rate", v.rate);
    a("flat", v.flat);
}

template <class A, Like<Discount> T> void describe(A& a, T& v)
{
    a("name", v.name);
    a.percent("percent", v.millionths);
    a("amount", v.amount);
    a("from", v.from);
    a("until", v.until);
}

template <class A, Like<Commitment> T> void describe(A& a, T& v)
{
    a("sku", v.sku);
    a("name", v.name);
    a("service", v.service);
    a("amount", v.amount);
    a("services", v.services);
    a("skus", v.skus);
}

template <class A, Like<Price> T> void describe(A& a, T& v)
{
    a("sku", v.sku);
    a("meter", v.meter);
    a("service", v.service);
    a("name", v.name);
    a("unit", v.unit);
    a("per", v.per);
    a("rate", v.rate);
    a.percent("discountPercent", v.discountMillionths);
    a("discountName", v.discountName);
    a("model", v.model);
    a("tiers", v.tiers);
    a("packageSize", v.packageSize);
    a("freeUnits", v.freeUnits);
    a("minimum", v.minimum);
    a("discounts", v.discounts);
}

template <class A, Like<PricePlan> T> void describe(A& a, T& v)
{
    a("plan", v.code);
    a("version", v.version);
    a("effective", v.effective);
    a("currency", v.currency);
    a("name", v.name);
    a("prices", v.prices);
    a("discounts", v.discounts);
    a("commitments", v.commitments);
}

template <class A, Like<Problem> T> void describe(A& a, T& v)
{
    a("type", v.type);
    a("title", v.title);
    a("status", v.status);
    a("code", v.code);
    a("detail", v.detail);
}

template <class A, Like<SignInRequest> T> void describe(A& a, T& v)
{
    a("email", v.email);
    a("password", v.password);
}

template <class A, Like<GrantView> T> void describe(A& a, T& v)
{
    a("role", v.role);
    a("account", v.account);
}

template <class A, Like<Me> T> void describe(A& a, T& v)
{
    a("person", v.person);
    a("name", v.name);
    a("email", v.email);
    a("grants", v.grants);
    a("readOnly", v.readOnly);
    a("viewingAccount", v.viewingAccount);
    a("installation", v.installation);
    a("now", v.now);
    a("sandboxClock", v.sandboxClock);
}

template <class A, Like<SessionView> T> void describe(A& a, T& v)
{
    a("token", v.token);
    a("expires", v.expires);
    a("me", v.me);
}

template <class A, Like<ViewAsRequest> T> void describe(A& a, T& v)
{
    a("account", v.account);
}

template <class A, Like<BrandView> T> void describe(A& a, T& v)
{
    a("name", v.name);
    a("logoSvg", v.logoSvg);
    a("accentLight", v.accentLight);
    a("accentDark", v.accentDark);
}

template <class A, Like<ProfileView> T> void describe(A& a, T& v)
{
    a("version", v.version);
    a("legalName", v.legalName);
    a("addressLines", v.addressLines);
    a("country", v.country);
    a("taxIds", v.taxIds);
    a("purchaseOrder", v.purchaseOrder);
    a("buyerReference", v.buyerReference);
    a("emails", v.emails);
    a("language", v.language);
}

template <class A, Like<TermsView> T> void describe(A& a, T& v)
{
    a("version", v.version);
    a("legalEntity", v.legalEntity);
    a("paymentDays", v.paymentDays);
}

template <class A, Like<AccountView> T> void describe(A& a, T& v)
{
    a("id", v.id);
    a("name", v.name);
    a("currency", v.currency);
    a("timeZone", v.timeZone);
    a("plan", v.plan);
    a("profile", v.profile);
    a("terms", v.terms);
}

template <class A, Like<ProfileVersionView> T> void describe(A& a, T& v)
{
    a("validFrom", v.validFrom);
    a("profile", v.profile);
}

template <class A, Like<TermsVersionView> T> void describe(A& a, T& v)
{
    a("validFrom", v.validFrom);
    a("terms", v.terms);
}

template <class A, Like<AccountHistoryView> T> void describe(A& a, T& v)
{
    a("account", v.account);
    a("profiles", v.profiles);
    a("terms", v.terms);
}

template <class A, Like<LegalEntityView> T> void describe(A& a, T& v)
{
    a("code", v.code);
    a("legalName", v.legalName);
    a("country", v.country);
}

template <class A, Like<NewAccountRequest> T> void describe(A& a, T& v)
{
    a("name", v.name);
    a("currency", v.currency);
    a("timeZone", v.timeZone);
    a("plan", v.plan);
}

template <class A, Like<UsageEventRequest> T> void describe(A& a, T& v)
{
    a("account", v.account);
    a("source", v.source);
    a("id", v.id);
    a("meter", v.meter);
    a("sku", v.sku);
    a("resource", v.resource);
    a("project", v.project);
    a("start", v.start);
    a("end", v.end);
    a("quantity", v.quantity);
}

template <class A, Like<UsageBatchRequest> T> void describe(A& a, T& v)
{
    a("events", v.events);
}

template <class A, Like<RefusedUsage> T> void describe(A& a, T& v)
{
    a("row", v.row);
    a("id", v.id);
    a("reason", v.reason);
}

template <class A, Like<UsageReceipt> T> void describe(A& a, T& v)
{
    a("accepted", v.accepted);
    a("repeated", v.repeated);
    a("refused", v.refused);
}

template <class A, Like<PersonView> T> void describe(A& a, T& v)
{
    a("id", v.id);
    a("email", v.email);
    a("name", v.name);
    a("disabled", v.disabled);
    a("joined", v.joined);
    a("grants", v.grants);
}

template <class A, Like<InvitePersonRequest> T> void describe(A& a, T& v)
{
    a("email", v.email);
    a("name", v.name);
    a("grants", v.grants);
}

template <class A, Like<InvitationView> T> void describe(A& a, T& v)
{
    a("person", v.person);
    a("token", v.token);
}

template <class A, Like<AcceptInvitationRequest> T> void describe(A& a, T& v)
{
    a("token", v.token);
    a("password", v.password);
}

template <class A, Like<TokenView> T> void describe(A& a, T& v)
{
    a("id", v.id);
    a("name", v.name);
    a("role", v.role);
    a("account", v.account);
    a("createdAt", v.createdAt);
    a("expires", v.expires);
    a("revokedAt", v.revokedAt);
}

template <class A, Like<NewTokenRequest> T> void describe(A& a, T& v)
{
    a("name", v.name);
    a("role", v.role);
    a("account", v.account);
    a("expires", v.expires);
}

template <class A, Like<TokenCreatedView> T> void describe(A& a, T& v)
{
    a("token", v.token);
    a("secret", v.secret);
}

template <class A, Like<EventView> T> void describe(A& a, T& v)
{
    a("id", v.id);
    a("source", v.source);
    a("resource", v.resource);
    a("project", v.project);
    a("start", v.start);
    a("end", v.end);
    a("quantity", v.quantity);
    a("quantityWithin", v.quantityWithin);
}

template <class A, Like<Item> T> void describe(A& a, T& v)
{
    a("seq", v.seq);
    a("type", v.type);
    a("id", v.id);
    a("data", v.data);
}

template <class A, Like<ChangePage> T> void describe(A& a, T& v)
{
    a("changes", v.changes);
    a("cursor", v.cursor);
    a("more", v.more);
}

template <class A, Like<SnapshotHeader> T> void describe(A& a, T& v)
{
    a("scope", v.scope);
    a("cursor", v.cursor);
    a("items", v.items);
}

template <class A, Like<SnapshotEnd> T> void describe(A& a, T& v)
{
    a("end", v.items);
}

template <class> struct IsPage : std::false_type {
};
template <class T> struct IsPage<Page<T>> : std::true_type {
};

template <class A, class T>
requires IsPage<std::remove_const_t<T>>::value void describe(A& a, T& v)
{
    a("items", v.items);
    a("next", v.next);
}

// ---- writing ----

json::value put(bool value)
{
    return value;
}
json::value put(std::int32_t value)
{
    return std::int64_t { value };
}
json::value put(std::int64_t value)
{
    return value;
}
json::value put(const std::string& value)
{
    return json::string(value);
}
json::value put(const json::value& value)
{
    return value;
}
json::value put(Instant value)
{
    return json::string(quittance::toText(value));
}
json::value put(Date value)
{
    return json::string(quittance::toText(value));
}
json::value put(Month value)
{
    return json::string(quittance::toText(value));
}
json::value put(Rate value)
{
    return json::string(quittance::toText(value));
}
json::value put(Currency value)
{
    return json::string(value.code());
}
json::value put(DocumentKind value)
{
    return json::string(wireName(value));
}
json::value put(BillState value)
{
    return json::string(wireName(value));
}
json::value put(StepKind value)
{
    return json::string(wireName(value));
}
json::value put(PriceModel value)
{
    return json::string(wireName(value));
}
json::value put(Role value)
{
    return json::string(wireName(value));
}
json::value put(Money value)
{
    return json::object { { "amount", amountText(value) }, { "currency", value.currency.code() } };
}
template <class T> json::value put(const T& value);
template <class T> json::value put(const std::optional<T>& value)
{
    return value ? put(*value) : json::value(nullptr);
}
template <class T> json::value put(const std::vector<T>& values)
{
    json::array array;
    array.reserve(values.size());
    for (const T& value : values)
        array.push_back(put(value));
    return array;
}

class Writer {
public:
    template <class T> void operator()(std::string_view name, const T& value)
    {
        m_object.emplace(name, put(value));
    }
    template <class T> void addedLater(std::string_view name, const T& value)
    {
        (*this)(name, value);
    }
    void decimal(std::string_view name, std::int64_t value, int digits)
    {
        m_object.emplace(name, formatFixed(value, digits, true));
    }
    void percent(std::string_view name, std::int64_t millionths)
    {
        decimal(name, millionths, percentDigits);
    }
    json::object take() { return std::move(m_object); }

private:
    json::object m_object;
};

template <class T> json::value put(const T& value)
{
    Writer writer;
    describe(writer, value);
    return writer.take();
}

// ---- reading: the first fault is kept with its path, what follows it is skipped ----

struct Fault {
    std::string path;
    std::string reason;
};

class Reader {
public:
    Reader(const json::value& value, std::string path, std::optional<Fault>& fault)
        : m_path(std::move(path))
        , m_fault(fault)
    {
        m_object = value.if_object();
        if (m_object == nullptr)
            fail("", "must be an object");
    }

    /// The whole of a document.
    template <class T>
    static void read(const json::value& value, T& out, std::optional<Fault>& fault)
    {
        Reader reader(value, "", fault);
        if (!fault)
            reader.get(value, "", out);
    }

    template <class T> void operator()(std::string_view name, T& out)
    {
        if (const json::value* value = field(name))
            get(*value, childPath(name), out);
    }
    /// A field that bytes of an older console's store do not have.
    template <class T> void addedLater(std::string_view name, T& out)
    {
        if (m_object != nullptr && m_object->contains(name))
            (*this)(name, out);
    }
    void decimal(std::string_view name, std::int64_t& out, int digits)
    {
        std::string text;
        (*this)(name, text);
        if (m_fault)
            return;
        take(parseFixed(text, digits), name, out);
    }
    void percent(std::string_view name, std::int64_t& millionths)
    {
        decimal(name, millionths, percentDigits);
    }
    /// Every field of the JSON must have been asked for.
    void finish()
    {
        if (m_fault || m_object == nullptr || m_object->size() == m_asked.size())
            return;
        for (const auto& member : *m_object) {
            const std::string_view key(member.key().data(), member.key().size());
            if (std::find(m_asked.begin(), m_asked.end(), key) == m_asked.end()) {
                fail(key, "is not a field of the contract");
                return;
            }
        }
    }

private:
    const json::value* field(std::string_view name)
    {
        if (m_fault || m_object == nullptr)
            return nullptr;
        m_asked.push_back(name);
        const json::value* value = m_object->if_contains(name);
        if (value == nullptr)
            fail(name, "is missing");
        return value;
    }
    [[nodiscard]] std::string childPath(std::string_view name) const
    {
        return m_path.empty() ? std::string(name) : fmt::format("{}.{}", m_path, name);
    }
    void fail(std::string_view name, std::string reason)
    {
        setFault(name.empty() ? m_path : childPath(name), std::move(reason));
    }
    void setFault(std::string path, std::string reason)
    {
        if (!m_fault)
            m_fault = Fault { std::move(path), std::move(reason) };
    }
    template <class T> void take(Result<T> result, std::string_view name, T& out)
    {
        if (result)
            out = *result;
        else
            fail(name, result.error().detail);
    }

    void get(const json::value& value, const std::string& path, bool& out)
    {
        if (const bool* flag = value.if_bool())
            out = *flag;
        else
            setFault(path, "must be true or false");
    }
    void get(const json::value& value, const std::string& path, std::int64_t& out)
    {
        if (const std::int64_t* number = value.if_int64())
            out = *number;
        else
            setFault(path, "must be a whole number");
    }
    void get(const json::value& value, const std::string& path, std::int32_t& out)
    {
        std::int64_t wide = 0;
        get(value, path, wide);
        if (wide < std::numeric_limits<std::int32_t>::min()
            || wide > std::numeric_limits<std::int32_t>::max())
            setFault(path, "does not fit 32 bits");
        else
            out = static_cast<std::int32_t>(wide);
    }
    void get(const json::value& value, const std::string& path, std::string& out)
    {
        if (const json::string* text = value.if_string())
            out.assign(text->data(), text->size());
        else
            setFault(path, "must be a text");
    }
    static void get(const json::value& value, const std::string& /*path*/, json::value& out)
    {
        out = value;
    }
    template <class T, class Parse>
    void getParsed(const json::value& value, const std::string& path, T& out, Parse parse)
    {
        std::string text;
        get(value, path, text);
        if (m_fault)
            return;
        Result<T> parsed = parse(std::string_view(text));
        if (parsed)
            out = *parsed;
        else
            setFault(path, parsed.error().detail);
    }
    void get(const json::value& value, const std::string& path, Instant& out)
    {
        getParsed(value, path, out, parseInstant);
    }
    void get(const json::value& value, const std::string& path, Date& out)
    {
        getParsed(value, path, out, parseDate);
    }
    void get(const json::value& value, const std::string& path, Month& out)
    {
        getParsed(value, path, out, parseMonth);
    }
    void get(const json::value& value, const std::string& path, Rate& out)
    {
        getParsed(value, path, out, parseRate);
    }
    void get(const json::value& value, const std::string& path, Currency& out)
    {
        getParsed(value, path, out, Currency::find);
    }
    void get(const json::value& value, const std::string& path, DocumentKind& out)
    {
        getParsed(value, path, out, documentKindFromWireName);
    }
    void get(const json::value& value, const std::string& path, BillState& out)
    {
        getParsed(value, path, out, billStateFromWireName);
    }
    void get(const json::value& value, const std::string& path, StepKind& out)
    {
        getParsed(value, path, out, stepKindFromWireName);
    }
    void get(const json::value& value, const std::string& path, PriceModel& out)
    {
        getParsed(value, path, out, priceModelFromWireName);
    }
    void get(const json::value& value, const std::string& path, Role& out)
    {
        getParsed(value, path, out, roleFromWireName);
    }
    void get(const json::value& value, const std::string& path, Money& out)
    {
        Reader reader(value, path, m_fault);
        std::string amount;
        std::string currency;
        reader("amount", amount);
        reader("currency", currency);
        reader.finish();
        if (m_fault)
            return;
        if (Result<Money> money = parseMoney(amount, currency))
            out = *money;
        else
            setFault(path, money.error().detail);
    }
    template <class T>
    void get(const json::value& value, const std::string& path, std::optional<T>& out)
    {
        out.reset();
        if (!value.is_null())
            get(value, path, out.emplace());
    }
    template <class T>
    void get(const json::value& value, const std::string& path, std::vector<T>& out)
    {
        const json::array* array = value.if_array();
        if (array == nullptr) {
            setFault(path, "must be a list");
            return;
        }
        out.clear();
        out.reserve(array->size());
        for (const json::value& element : *array) {
            const std::string elementPath = fmt::format("{}[{}]", path, out.size());
            get(element, elementPath, out.emplace_back());
            if (m_fault)
                return;
        }
    }
    template <class T> void get(const json::value& value, const std::string& path, T& out)
    {
        Reader reader(value, path, m_fault);
        if (m_fault)
            return;
        describe(reader, out);
        reader.finish();
    }

    std::string m_path;
    std::optional<Fault>& m_fault;
    const json::object* m_object = nullptr;
    std::vector<std::string_view> m_asked;
};

} // namespace

template <class T> json::value toJson(const T& value)
{
    return put(value);
}

template <class T> Result<T> fromJson(const json::value& json)
{
    std::optional<Fault> fault;
    T out {};
    Reader::read(json, out, fault);
    if (fault)
        return failure(
            ErrorCode::MalformedInput,
            fault->path.empty() ? fault->reason : fmt::format("{} {}", fault->path, fault->reason)
        );
    return out;
}

Result<json::value> parseJson(std::string_view text, std::size_t bytesMax)
{
    if (text.size() > bytesMax)
        return failure(
            ErrorCode::TooLarge,
            fmt::format("JSON of {} bytes, at most {} are taken", text.size(), bytesMax)
        );
    json::parse_options options;
    options.max_depth = jsonDepthMax;
    json::stream_parser parser({}, options);
    boost::system::error_code error;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    const auto rest = text.substr(read);
    if (!error && rest.find_first_not_of(" \t\r\n") == std::string_view::npos)
        parser.finish(error);
    else if (!error)
        error = json::make_error_code(json::error::extra_data);
    if (error)
        return failure(
            ErrorCode::MalformedInput,
            fmt::format("not valid JSON at byte {}: {}", read, error.message())
        );
    return parser.release();
}

template <class T> std::string toText(const T& value)
{
    return json::serialize(toJson(value));
}

#define QUITTANCE_CONTRACT_TYPE(...)                                                               \
    template json::value toJson(const __VA_ARGS__&);                                               \
    template Result<__VA_ARGS__> fromJson<__VA_ARGS__>(const json::value&);                        \
    template std::string toText(const __VA_ARGS__&);

QUITTANCE_CONTRACT_TYPE(Money)
QUITTANCE_CONTRACT_TYPE(Bill)
QUITTANCE_CONTRACT_TYPE(BillSummary)
QUITTANCE_CONTRACT_TYPE(BillLine)
QUITTANCE_CONTRACT_TYPE(PriceStep)
QUITTANCE_CONTRACT_TYPE(CorrectedBill)
QUITTANCE_CONTRACT_TYPE(PriceTier)
QUITTANCE_CONTRACT_TYPE(Discount)
QUITTANCE_CONTRACT_TYPE(Commitment)
QUITTANCE_CONTRACT_TYPE(BillParty)
QUITTANCE_CONTRACT_TYPE(TaxTotal)
QUITTANCE_CONTRACT_TYPE(CostRow)
QUITTANCE_CONTRACT_TYPE(PricePlan)
QUITTANCE_CONTRACT_TYPE(Problem)
QUITTANCE_CONTRACT_TYPE(SignInRequest)
QUITTANCE_CONTRACT_TYPE(GrantView)
QUITTANCE_CONTRACT_TYPE(Me)
QUITTANCE_CONTRACT_TYPE(SessionView)
QUITTANCE_CONTRACT_TYPE(ViewAsRequest)
QUITTANCE_CONTRACT_TYPE(BrandView)
QUITTANCE_CONTRACT_TYPE(ProfileView)
QUITTANCE_CONTRACT_TYPE(TermsView)
QUITTANCE_CONTRACT_TYPE(AccountView)
QUITTANCE_CONTRACT_TYPE(ProfileVersionView)
QUITTANCE_CONTRACT_TYPE(TermsVersionView)
QUITTANCE_CONTRACT_TYPE(AccountHistoryView)
QUITTANCE_CONTRACT_TYPE(LegalEntityView)
QUITTANCE_CONTRACT_TYPE(NewAccountRequest)
QUITTANCE_CONTRACT_TYPE(UsageEventRequest)
QUITTANCE_CONTRACT_TYPE(UsageBatchRequest)
QUITTANCE_CONTRACT_TYPE(RefusedUsage)
QUITTANCE_CONTRACT_TYPE(UsageReceipt)
QUITTANCE_CONTRACT_TYPE(PersonView)
QUITTANCE_CONTRACT_TYPE(InvitePersonRequest)
QUITTANCE_CONTRACT_TYPE(InvitationView)
QUITTANCE_CONTRACT_TYPE(AcceptInvitationRequest)
QUITTANCE_CONTRACT_TYPE(TokenView)
QUITTANCE_CONTRACT_TYPE(NewTokenRequest)
QUITTANCE_CONTRACT_TYPE(TokenCreatedView)
QUITTANCE_CONTRACT_TYPE(EventView)
QUITTANCE_CONTRACT_TYPE(BillItem)
QUITTANCE_CONTRACT_TYPE(Item)
QUITTANCE_CONTRACT_TYPE(ChangePage)
QUITTANCE_CONTRACT_TYPE(SnapshotHeader)
QUITTANCE_CONTRACT_TYPE(SnapshotEnd)
QUITTANCE_CONTRACT_TYPE(Page<AccountView>)
QUITTANCE_CONTRACT_TYPE(Page<PersonView>)
QUITTANCE_CONTRACT_TYPE(Page<TokenView>)
QUITTANCE_CONTRACT_TYPE(Page<BillSummary>)
QUITTANCE_CONTRACT_TYPE(Page<EventView>)
QUITTANCE_CONTRACT_TYPE(Page<PricePlan>)

} // namespace quittance::contract
