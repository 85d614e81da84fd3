// Distributed under the Boost Software License, Version 1.0.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>

// Runs a fuzzer over the files of a folder, its stored corpus, without libFuzzer: replay FOLDER|FILE
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

/// False when the file cannot be read. What the fuzzer finds ends the program.
bool replay(const std::filesystem::path& file)
{
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);
    std::ifstream in(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in) return false;
    // On the heap without a byte to spare, so that reading beyond them is seen.
    const std::unique_ptr<std::uint8_t[]> bytes(new std::uint8_t[text.size()]);
    std::copy(text.begin(), text.end(), bytes.get());
    LLVMFuzzerTestOneInput(bytes.get(), text.size());
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) return std::fprintf(stderr, "usage: %s FOLDER|FILE\n", argv[0]), 2;
    if (std::filesystem::is_regular_file(argv[1])) return replay(argv[1]) ? 0 : 1;
    std::size_t files = 0;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1], ec)) {
        if (!replay(entry.path())) return std::fprintf(stderr, "cannot read it\n"), 1;
        ++files;
    }
    if (files == 0) return std::fprintf(stderr, "there is no corpus in %s\n", argv[1]), 1;
    std::printf("%zu inputs\n", files);
    return 0;
}
