// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/recording_file.hpp"

#include "engine/recording.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sockledger {

namespace {

Error system_error(const std::string& path, int code) {
    return {path + ": " + std::strerror(code), code};
}

} // namespace

RecordingWriter::RecordingWriter(FilePtr file, std::string path)
    : file_(std::move(file)), path_(std::move(path)) {}

Result<RecordingWriter> RecordingWriter::create(const std::string& path, const Instant& begun) {
    constexpr mode_t owner_only = 0600;
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only);
    if (fd < 0) {
        return system_error(path, errno);
    }
    FilePtr file(::fdopen(fd, "w"));
    if (!file) {
        const int code = errno;
        ::close(fd);
        return system_error(path, code);
    }
    RecordingWriter writer(std::move(file), path);
    if (auto written = writer.write(encode_recording_header(begun)); !written) {
        return std::move(written).error();
    }
    return writer;
}

Result<void> RecordingWriter::write(std::string line) {
    line += '\n';
    errno = 0;
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() ||
        std::fflush(file_.get()) != 0) {
        return system_error(path_, errno);
    }
    return {};
}

Result<void> RecordingWriter::append(const Readings& readings) {
    return write(encode_readings(readings));
}

RecordingReader::RecordingReader(FilePtr file, std::string path, std::size_t line_limit)
    : file_(std::move(file)), path_(std::move(path)), line_limit_(line_limit) {}

Error RecordingReader::error(const std::string& what, int code) const {
    return {path_ + ":" + std::to_string(line_number_) + ": " + what, code};
}

Result<RecordingReader> RecordingReader::open(const std::string& path, std::size_t line_limit) {
    FilePtr file(std::fopen(path.c_str(), "re"));
    if (!file) {
        return system_error(path, errno);
    }
    RecordingReader reader(std::move(file), path, line_limit);
    const Result<bool> read = reader.read_line();
    if (!read) {
        return read.error();
    }
    if (!*read) {
        return Error{path + ": the file is empty"};
    }
    if (const auto header = decode_recording_header(reader.line_); !header) {
        return reader.error(header.error().message);
    }
    return reader;
}

// Not by fgets(): damage may hold NUL bytes.
Result<bool> RecordingReader::read_line() {
    line_.clear();
    ++line_number_;
    cut_ = false;
    for (;;) {
        const std::size_t end = ahead_.find('\n');
        line_.append(ahead_, 0, end);
        if (line_.size() > line_limit_) {
            return error("the line is longer than " + std::to_string(line_limit_) + " bytes");
        }
        if (end != std::string::npos) {
            ahead_.erase(0, end + 1);
            return true;
        }
        constexpr std::size_t piece = std::size_t{1} << 16;
        ahead_.resize(piece);
        errno = 0;
        ahead_.resize(std::fread(ahead_.data(), 1, piece, file_.get()));
        if (std::ferror(file_.get())) {
            return error(std::strerror(errno), errno);
        }
        if (ahead_.empty()) {
            cut_ = true;
            return !line_.empty();
        }
    }
}

Result<std::optional<Readings>> RecordingReader::next() {
    const Result<bool> read = read_line();
    if (!read) {
        return read.error();
    }
    if (!*read) {
        return std::optional<Readings>();
    }
    auto readings = decode_readings(line_);
    if (!readings) {
        return error(cut_ ? "the recording is cut off" : readings.error().message);
    }
    return std::optional<Readings>(*std::move(readings));
}

} // namespace sockledger
