// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/recording.hpp"

#include "engine/described_json.hpp"
#include "engine/recording_fields.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

namespace sockledger {

namespace json = boost::json;

namespace {

struct Header {
    std::string format;
    std::uint32_t version = 0;
    std::chrono::nanoseconds begun{}; // CLOCK_REALTIME
};
BOOST_DESCRIBE_STRUCT(Header, (), (format, version, begun))

constexpr std::string_view format = "sockledger-recording";
constexpr std::uint32_t newest_version = 1;

template<typename T>
Result<T> decode(std::string_view line) {
    json::monotonic_resource memory; // one line, then all of it is freed
    json::error_code error;
    const json::value parsed = json::parse({line.data(), line.size()}, error, &memory);
    if (error) {
        return Error{"no JSON: " + error.message()};
    }
    T value;
    described_json::Reader reader;
    if (!reader.read(parsed, value)) {
        return Error{reader.problem()};
    }
    return value;
}

// Keeps every difference of two times within 64 bits.
bool is_sane(std::chrono::nanoseconds time) {
    return time.count() >= 0 && time.count() < INT64_MAX / 2;
}

} // namespace

std::string encode_recording_header(const Instant& begun) {
    std::string line;
    described_json::Writer(line).write(Header{std::string(format), newest_version, begun.realtime});
    return line;
}

Result<void> decode_recording_header(std::string_view line) {
    const auto header = decode<Header>(line);
    if (!header || header->format != format) {
        return Error{"this is no recording of Sockledger"};
    }
    if (header->version == 0 || header->version > newest_version) {
        return Error{"the recording has version " + std::to_string(header->version) +
                     ", this program reads version " + std::to_string(newest_version)};
    }
    return {};
}

std::string encode_readings(const Readings& readings) {
    std::string line;
    described_json::Writer(line).write(readings);
    return line;
}

Result<Readings> decode_readings(std::string_view line) {
    auto readings = decode<Readings>(line);
    if (readings && (!is_sane(readings->time.boottime) || !is_sane(readings->time.realtime))) {
        return Error{"time: out of range"};
    }
    return readings;
}

} // namespace sockledger
