#include "core/http/router.h"

#include <doctest/doctest.h>

#include <string>

using namespace quittance::http;

namespace {

/// Answers with the name of the route and what its parameters were.
RouteHandler echo()
{
    return [](const Request& request) {
        std::string body;
        for (const auto& [name, value] : request.parameters)
            body.append(name).append("=").append(value).append(";");
        return Response::make(200, "text/plain", body);
    };
}

Router library()
{
    Router router;
    router.add(Method::Get, "/", "root", echo());
    router.add(Method::Get, "/books", "listBooks", echo());
    router.add(Route { Method::Post, "/books", "addBook", 5000 }, echo());
    router.add(Method::Get, "/books/{book}", "getBook", echo());
    router.add(Method::Delete, "/books/{book}", "burnBook", echo());
    router.add(Method::Get, "/books/new", "newBook", echo());
    router.add(Method::Get, "/books/new/shelf", "newShelf", echo());
    router.add(Method::Get, "/books/{book}/pages/{page}", "getPage", echo());
    return router;
}

Request ask(Method method, std::string rawPath)
{
    Request request;
    request.method = method;
    request.rawPath = std::move(rawPath);
    return request;
}

} // namespace

TEST_CASE("paths find their route")
{
    const auto router = library();
    struct Row {
        Method method;
        std::string path;
        int status;
        std::string route;
        std::string parameters;
    };
    for (const auto& row : {
             Row { Method::Get, "/", 200, "root", "" },
             Row { Method::Get, "/books", 200, "listBooks", "" },
             Row { Method::Post, "/books", 200, "addBook", "" },
             Row { Method::Get, "/books/7", 200, "getBook", "book=7;" },
             Row { Method::Head, "/books/7", 200, "getBook", "book=7;" },
             Row { Method::Delete, "/books/7", 200, "burnBook", "book=7;" },
             Row { Method::Get, "/books/new", 200, "newBook", "" },
             Row { Method::Get, "/books/new/shelf", 200, "newShelf", "" },
             Row { Method::Get, "/books/new/pages/3", 200, "getPage", "book=new;page=3;" },
             Row { Method::Get, "/books/a%2Fb%20c", 200, "getBook", "book=a/b c;" },
             Row { Method::Get, "/b%6Foks", 200, "listBooks", "" },
             Row { Method::Delete, "/books/new", 405, "", "" },
             Row { Method::Put, "/books", 405, "", "" },
             Row { Method::Head, "/books/7/pages/1", 200, "getPage", "book=7;page=1;" },
             Row { Method::Get, "/books/", 404, "", "" },
             Row { Method::Get, "/books//pages/1", 404, "", "" },
             Row { Method::Get, "/Books", 404, "", "" },
             Row { Method::Get, "/books/7/pages", 404, "", "" },
             Row { Method::Get, "/books/7/pages/1/", 404, "", "" },
             Row { Method::Get, "/books/%zz", 404, "", "" },
             Row { Method::Get, "", 404, "", "" },
             Row { Method::Options, "*", 404, "", "" },
         }) {
        CAPTURE(row.path);
        const auto response = router.handle(ask(row.method, row.path));
        CHECK(response.status == row.status);
        CHECK(response.routeName == row.route);
        if (row.status == 200)
            CHECK(response.body == row.parameters);
    }
}

TEST_CASE("a method that a path does not know is answered with those that it knows")
{
    const auto router = library();
    CHECK(router.handle(ask(Method::Put, "/books")).headers.find("Allow") == "GET, HEAD, POST");
    CHECK(router.handle(ask(Method::Put, "/books/7")).headers.find("Allow") == "GET, HEAD, DELETE");
}

TEST_CASE("refusals are made by the owner's function")
{
    Router router([](int status, std::string_view) { return Response::make(status, "x/y", "mine"); }
    );
    router.add(Method::Post, "/a", "a", echo());
    CHECK(router.handle(ask(Method::Get, "/b")).body == "mine");
    const auto refused = router.handle(ask(Method::Get, "/a"));
    CHECK(refused.status == 405);
    CHECK(refused.contentType == "x/y");
    CHECK(refused.headers.find("Allow") == "POST");
}

TEST_CASE("the body limit of a route is known before it is called")
{
    const auto router = library();
    CHECK(router.bodyBytesMax(Method::Post, "/books") == 5000);
    CHECK_FALSE(router.bodyBytesMax(Method::Get, "/books"));
    CHECK_FALSE(router.bodyBytesMax(Method::Post, "/nowhere"));
    CHECK(router.routes().size() == 8);
    CHECK(router.routes().at(2).name == "addBook");
}
