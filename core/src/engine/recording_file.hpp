// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <sockledger/result.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace sockledger {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, CloseFile>;

/// Writes a recording. Each line is in the file when append() returns, so a kill loses at most the
/// line that it interrupts. Threads: one at a time.
class RecordingWriter {
public:
    /// Makes the file anew, readable by its owner alone: it holds command lines.
    static Result<RecordingWriter> create(const std::string& path, const Instant& begun);
    Result<void> append(const Readings& readings);

private:
    RecordingWriter(FilePtr file, std::string path);
    Result<void> write(std::string line);

    FilePtr file_;
    std::string path_;
};

/// Reads a recording line by line. Every Error says FILE:LINE. Threads: one at a time.
class RecordingReader {
public:
    static constexpr std::size_t longest_line = std::size_t{256} << 20;

    /// Fails when the file cannot be read or does not begin as a recording.
    static Result<RecordingReader> open(const std::string& path, std::size_t line_limit = longest_line);
    /// The next instant; nothing at the end.
    Result<std::optional<Readings>> next();

private:
    RecordingReader(FilePtr file, std::string path, std::size_t line_limit);
    Result<bool> read_line(); // false at the end of the file
    Error error(const std::string& what, int code = 0) const;

    FilePtr file_;
    std::string path_;
    std::size_t line_limit_;
    std::uint64_t line_number_ = 0;
    std::string line_;
    std::string ahead_; // read from the file, after line_
    bool cut_ = false;  // line_ has no end
};

} // namespace sockledger
