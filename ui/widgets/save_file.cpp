#include "ui/widgets/save_file.h"

#include "ui/widgets/bars.h"

#include <QCoreApplication>
#include <QSaveFile>

namespace quittance::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(SaveFile)
};

} // namespace

void saveFile(const QString& file, const QByteArray& bytes, InlineMessage& message)
{
    if (file.isEmpty())
        return;
    QSaveFile out(file);
    const bool saved
        = out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size() && out.commit();
    if (saved)
        message.showMessage(Tone::Good, Texts::tr("Saved as %1").arg(file));
    else
        message.showMessage(
            Tone::Bad, Texts::tr("Could not save %1: %2").arg(file, out.errorString())
        );
}

} // namespace quittance::ui
