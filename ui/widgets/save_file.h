#pragma once

class QByteArray;
class QString;

namespace quittance::ui {

class InlineMessage;

/// Writes the file whole or not at all, and says in `message` which of the two it was. An empty
/// name, of a person who changed their mind, does nothing.
void saveFile(const QString& file, const QByteArray& bytes, InlineMessage& message);

} // namespace quittance::ui
