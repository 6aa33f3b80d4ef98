#pragma once

#include <QtCore/QString>

/// What lies on disk is for the person whose computer it is, and for nobody else who works there.
namespace quittance::client {

/// Makes the folder, and those above it that are missing, for its owner only. One that is there
/// already stays as it is: it may be anybody's. False where it cannot be made.
bool makePrivateFolder(const QString& folder);
/// Makes the file where it is missing, and leaves it readable and writable for its owner only.
/// False where that cannot be.
bool makePrivateFile(const QString& file);

} // namespace quittance::client
