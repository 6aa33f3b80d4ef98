#include "client/services/private_files.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace quittance::client {

namespace {

constexpr QFile::Permissions ofTheOwner = QFile::ReadOwner | QFile::WriteOwner;

} // namespace

bool makePrivateFolder(const QString& folder)
{
    const QFileInfo info(folder);
    if (info.isDir())
        return true;
    const QString above = info.absolutePath();
    return above != info.absoluteFilePath() && makePrivateFolder(above)
        && QDir().mkdir(info.absoluteFilePath(), ofTheOwner | QFile::ExeOwner);
}

bool makePrivateFile(const QString& file)
{
    QFile made(file);
    // Never readable for others, not even until the permissions are set.
    if (!made.exists() && !made.open(QIODevice::NewOnly | QIODevice::WriteOnly, ofTheOwner))
        return false;
    return made.setPermissions(ofTheOwner);
}

} // namespace quittance::client
