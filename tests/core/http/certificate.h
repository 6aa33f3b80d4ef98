#pragma once

#include <filesystem>

namespace quittance::http {

/// A fresh self-signed certificate for 127.0.0.1 and its key, as PEM files in a folder that goes
/// with it.
class TestCertificate {
public:
    TestCertificate();
    ~TestCertificate();
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;
    TestCertificate(TestCertificate&&) = delete;
    TestCertificate& operator=(TestCertificate&&) = delete;

    [[nodiscard]] std::filesystem::path certificateFile() const
    {
        return m_folder / "certificate.pem";
    }
    [[nodiscard]] std::filesystem::path privateKeyFile() const { return m_folder / "key.pem"; }

private:
    std::filesystem::path m_folder;
};

} // namespace quittance::http
