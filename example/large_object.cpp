// Distributed under the Boost Software License, Version 1.0.
// A large object is a stream like a socket: Asio's own functions read and write it. Whole files go in and out at once.

#include "run.hpp"

#include <tusk.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace {

/// All of it, piece by piece.
asio::awaitable<std::size_t> read_all(tusk::large_object& from)
{
    std::vector<std::byte> piece(256 * 1024);
    std::size_t sum = 0;
    try {
        for (;;) sum += co_await from.async_read_some(std::span(piece));
    } catch (const tusk::error& e) {
        if (e.code() != asio::error::eof) throw;
    }
    co_return sum;
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    tusk::transaction tx = co_await db.async_begin();
    tusk::large_object photo = co_await tx.async_create_large_object();

    const std::string pixels(1'000'000, 'x');
    co_await asio::async_write(photo, asio::buffer(pixels), asio::use_awaitable);
    co_await photo.async_seek(10'000'000'000); // far behind the end
    co_await photo.async_write_some(asio::buffer("!", 1));
    co_await photo.async_truncate(1'000'000);
    co_await photo.async_seek(0);
    const std::size_t size = co_await read_all(photo);
    expect(size == pixels.size(), "what was written");

    const std::string path =
        std::filesystem::temp_directory_path() / ("tusk_example_" + std::to_string(::getpid()));
    std::ofstream(path) << pixels;
    const tusk::oid id = co_await tx.async_import_large_object(path);
    co_await tx.async_export_large_object(id, path + ".copy");
    expect(std::filesystem::file_size(path + ".copy") == pixels.size(), "the file is back");
    std::filesystem::remove(path);
    std::filesystem::remove(path + ".copy");

    co_await tx.async_unlink_large_object(photo.id());
    co_await tx.async_commit();
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "large_object", run); }
