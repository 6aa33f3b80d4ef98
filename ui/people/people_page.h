#pragma once

#include "client/ports/when_done.h"
#include "models/person_table_model.h"
#include "ui/shell/console_context.h"
#include "ui/shell/page.h"

namespace quittance::ui {

class Button;
class ChoiceField;
class FormField;
class InlineMessage;
class Panel;
class TableView;

/// Who can sign in, for admins: invite, disable. The invitation token is shown once, to be handed
/// over.
class PeoplePage : public Page {
    Q_OBJECT
public:
    PeoplePage(
        const ConsoleContext& context, ConsoleSelection& selection, QWidget* parent = nullptr
    );

    [[nodiscard]] QString title() const override { return tr("People"); }
    [[nodiscard]] bool followsAccount() const override { return false; }
    [[nodiscard]] PeriodUse periodUse() const override { return PeriodUse::None; }
    [[nodiscard]] QList<QWidget*> headActions() override;
    [[nodiscard]] QString statusText() const override;
    void shown() override;
    void forget() override;
    bool closeDetail() override;
    void openForm();

signals:
    void loaded();

private:
    Panel* makeForm();
    void ask();
    void invite();
    void disable();
    void refreshActions();

    const ConsoleContext& m_context;
    ConsoleSelection& m_selection;
    models::PersonTableModel* m_model;
    TableView* m_table;
    InlineMessage* m_message;
    FormField* m_name;
    FormField* m_email;
    ChoiceField* m_role;
    ChoiceField* m_account;
    Button* m_send;
    Panel* m_form;
    Button* m_invite = nullptr;
    Button* m_disable = nullptr;
    client::NewestAnswer m_answers;
    bool m_inviting = false;
};

} // namespace quittance::ui
