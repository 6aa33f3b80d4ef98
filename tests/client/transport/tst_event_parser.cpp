#include "client/transport/event_parser.h"

#include <QTest>

using quittance::client::EventParser;

class EventParserTest : public QObject {
    Q_OBJECT

private slots:
    void readsEvents_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QString>("events");
        const auto row = [](const char* name, const QByteArray& stream, const char* events) {
            QTest::newRow(name) << stream << QString::fromLatin1(events);
        };
        row("one", "event: change\ndata: {\"cursor\":7}\n\n", "change={\"cursor\":7}");
        row("two", "event: a\ndata: 1\n\nevent: b\ndata: 2\n\n", "a=1;b=2");
        row("carriage returns", "event: a\r\ndata: 1\r\n\r\n", "a=1");
        row("no space after the colon", "event:a\ndata:1\n\n", "a=1");
        row("one space is taken off, no more", "data:   1\n\n", "=  1");
        row("data in several lines", "data: 1\ndata: 2\n\n", "=1\n2");
        row("a heartbeat", ": still here\n\n", "");
        row("a name without data is no event", "event: a\n\ndata: 1\n\n", "=1");
        row("fields of no use", "id: 4\nretry: 10\nwhat: x\ndata: 1\n\n", "=1");
        row("a field without a colon", "data\ndata: 1\n\n", "=1");
        row("not ended yet", "event: a\ndata: 1\n", "");
        row("no event stream at all", "<html>\n<body>\n\n</body>\n\n", "");
    }
    void readsEvents()
    {
        QFETCH(QByteArray, stream);
        EventParser parser;
        QStringList events;
        const QList<QByteArray> lines = stream.split('\n');
        for (qsizetype i = 0; i + 1 < lines.size(); ++i)
            if (const auto event = parser.line(lines[i]))
                events.append(QString::fromUtf8(event->name + '=' + event->data));
        QTEST(events.join(QLatin1Char(';')), "events");
    }
};

QTEST_GUILESS_MAIN(EventParserTest)

#include "tst_event_parser.moc"
