#pragma once

#include "core/domain/bill.h"
#include "core/domain/permissions.h"
#include "core/domain/price_plan.h"
#include "core/domain/time.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What crosses the wire that the domain has no word for. Field names are those of openapi.yaml.
namespace quittance::contract {

/// application/problem+json (RFC 9457). `code` is wireName(ErrorCode); `errors` names single fields
/// of a form.
struct Problem {
    std::string type = "about:blank";
    std::string title;
    std::int32_t status = 500;
    std::string code;
    std::string detail;

    bool operator==(const Problem&) const = default;
};

struct SignInRequest {
    std::string email;
    std::string password;
};

struct GrantView {
    Role role = Role::Customer;
    std::optional<AccountId> account;

    bool operator==(const GrantView&) const = default;
};

struct Me {
    std::int64_t person = 0; ///< 0 for a service token
    std::string name;
    std::string email;
    std::vector<GrantView> grants;
    bool readOnly = false;
    std::optional<AccountId> viewingAccount;
    std::string installation; ///< changes when the backend's database is another one: what was
                              ///< stored is void
    Instant now; ///< the backend's clock
    bool sandboxClock = false;

    bool operator==(const Me&) const = default;
};

struct SessionView {
    std::string token;
    Instant expires;
    Me me;

    bool operator==(const SessionView&) const = default;
};

struct ViewAsRequest {
    AccountId account = 0;
};

struct BrandView {
    std::string name;
    std::string logoSvg;
    std::string accentLight; ///< "#2f5fd0"
    std::string accentDark;

    bool operator==(const BrandView&) const = default;
};

struct ProfileView {
    std::int32_t version = 0; ///< 0: none yet
    std::string legalName;
    std::vector<std::string> addressLines;
    std::string country;
    std::vector<std::string> taxIds;
    std::string purchaseOrder;
    std::string buyerReference;
    std::vector<std::string> emails;
    std::string language;

    bool operator==(const ProfileView&) const = default;
};

struct TermsView {
    std::int32_t version = 0;
    std::string legalEntity; ///< its code
    std::int32_t paymentDays = 14;

    bool operator==(const TermsView&) const = default;
};

struct AccountView {
    AccountId id = 0;
    std::string name;
    std::string currency;
    std::string timeZone;
    std::string plan;
    ProfileView profile;
    TermsView terms;

    bool operator==(const AccountView&) const = default;
};

/// A version of the profile, and from when bills freeze it.
struct ProfileVersionView {
    Instant validFrom;
    ProfileView profile;

    bool operator==(const ProfileVersionView&) const = default;
};

struct TermsVersionView {
    Instant validFrom;
    TermsView terms;

    bool operator==(const TermsVersionView&) const = default;
};

/// How an account came to be billed as it is; newest first, at most historyVersionsMax of each.
struct AccountHistoryView {
    AccountId account = 0;
    std::vector<ProfileVersionView> profiles;
    std::vector<TermsVersionView> terms;

    bool operator==(const AccountHistoryView&) const = default;
};
inline constexpr int historyVersionsMax = 50;

/// One that may be chosen to bill an account.
struct LegalEntityView {
    std::string code;
    std::string legalName;
    std::string country;

    bool operator==(const LegalEntityView&) const = default;
};

struct NewAccountRequest {
    std::string name;
    std::string currency;
    std::string timeZone;
    std::string plan;
};

/// An event to take in. `quantity` is a decimal in the meter's unit.
struct UsageEventRequest {
    std::int64_t account = 0;
    std::string source; ///< who measured; with account and id the event's identity
    std::string id;
    std::string meter;
    std::string sku; ///< "" where the meter alone says what is sold
    std::string resource; ///< "" where none is named
    std::string project; ///< "" where none
    Instant start;
    Instant end;
    std::string quantity;
};

/// At most 10,000 events; or, as NDJSON, an event a line.
struct UsageBatchRequest {
    std::vector<UsageEventRequest> events;
};

struct RefusedUsage {
    std::int64_t row = 0; ///< place in the batch, from 1
    std::string id; ///< "" where the row could not be read
    std::string reason;
};

struct UsageReceipt {
    std::int64_t accepted = 0;
    std::int64_t repeated = 0; ///< the same again: ignored
    std::vector<RefusedUsage> refused;
};

struct PersonView {
    std::int64_t id = 0;
    std::string email;
    std::string name;
    bool disabled = false;
    bool joined = false;
    std::vector<GrantView> grants;

    bool operator==(const PersonView&) const = default;
};

struct InvitePersonRequest {
    std::string email;
    std::string name;
    std::vector<GrantView> grants;
};

struct InvitationView {
    std::int64_t person = 0;
    std::string token; ///< shown once
};

struct AcceptInvitationRequest {
    std::string token;
    std::string password;
};

struct TokenView {
    std::int64_t id = 0;
    std::string name;
    Role role = Role::ReadOnly;
    std::optional<AccountId> account;
    Instant createdAt;
    std::optional<Instant> expires;
    std::optional<Instant> revokedAt;

    bool operator==(const TokenView&) const = default;
};

struct NewTokenRequest {
    std::string name;
    Role role = Role::ReadOnly;
    std::optional<AccountId> account;
    std::optional<Instant> expires;
};

struct TokenCreatedView {
    TokenView token;
    std::string secret; ///< shown once
};

/// A usage event behind a bill line, with its share of the line.
struct EventView {
    std::string id;
    std::string source;
    std::string resource;
    std::string project;
    Instant start;
    Instant end;
    std::string quantity; ///< decimal, in the meter's unit; of the whole event
    std::string quantityWithin; ///< its share of the line

    bool operator==(const EventView&) const = default;
};

/// A bill with the rows that its costs are shown by.
struct BillItem {
    Bill bill;
    std::vector<CostRow> costs;

    bool operator==(const BillItem&) const = default;
};

/// An item of a snapshot or a change of a feed. `data` is null for a removal.
/// type: "account" (AccountView), "person" (PersonView), "bill" (BillItem), "event" (EventView),
/// "account-history" (AccountHistoryView), "legal-entity" (LegalEntityView).
struct Item {
    std::int64_t seq = 0; ///< 0 in a snapshot
    std::string type;
    std::string id; ///< unique within (scope, type)
    boost::json::value data;

    bool operator==(const Item&) const = default;
};

struct ChangePage {
    std::vector<Item> changes; ///< each thing once, its latest state
    std::int64_t cursor = 0; ///< ask for what follows with this
    bool more = false;

    bool operator==(const ChangePage&) const = default;
};

struct SnapshotHeader {
    std::string scope;
    std::int64_t cursor = 0; ///< the feed continues the snapshot from here
    std::int64_t items = 0; ///< how many lines follow; -1 where not known
};

/// The last line of a snapshot: without it the answer was cut short.
struct SnapshotEnd {
    std::int64_t items = 0; ///< how many there were
};

/// One page of a list; `next` is the cursor of the following page, none at the end.
template <class T> struct Page {
    std::vector<T> items;
    std::optional<std::string> next;

    bool operator==(const Page&) const = default;
};

} // namespace quittance::contract
