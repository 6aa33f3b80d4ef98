#pragma once

#include "core/database/database.h"

namespace quittance::database {

/// A transaction that runs, as a database: whoever reads or writes through it becomes part of that
/// transaction. So two changes, each of which brings its own transaction, happen together or not at
/// all. After one that failed the outer transaction can only roll back.
class JoinedDatabase final : public Database {
public:
    explicit JoinedDatabase(Transaction& tx)
        : m_tx(&tx)
    {
    }

    Result<> runRead(const std::function<Result<>(Transaction&)>& work) override
    {
        return work(*m_tx);
    }
    Result<> runWrite(const std::function<Result<>(Transaction&)>& work) override
    {
        return work(*m_tx);
    }
    void interrupt() override { }
    [[nodiscard]] const Dialect& dialect() const override { return m_tx->dialect(); }

private:
    Transaction* m_tx;
};

} // namespace quittance::database
