// The floor of an API answer: a bare Boost.Beast server that gives every request the same bytes,
// which stand in a file. One blocking thread a connection, which was faster than one I/O thread.
//
//   peer_http FILE        prints the port it listens on

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility> // Boost 1.81's coroutine headers need it before them in C++20.

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

void serve(asio::ip::tcp::socket socket, const std::string& body)
{
    boost::system::error_code error;
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    beast::flat_buffer buffer;
    while (!error) {
        http::request<http::string_body> request;
        http::read(socket, buffer, request, error);
        if (error)
            break;
        http::response<http::string_body> response(http::status::ok, request.version());
        response.set(http::field::content_type, "application/json");
        response.body() = body;
        response.prepare_payload();
        http::write(socket, response, error);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fputs("usage: peer_http FILE\n", stderr);
        return 1;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const std::string body(std::istreambuf_iterator<char>(file), {});
    asio::io_context context;
    asio::ip::tcp::acceptor acceptor(context, { asio::ip::address_v4::loopback(), 0 });
    std::printf("%d\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    while (true) {
        asio::ip::tcp::socket socket = acceptor.accept();
        std::thread(serve, std::move(socket), std::cref(body)).detach();
    }
}
