// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/snapshot_reader.hpp"

#include "service/json_reader.hpp"
#include "service/snapshot_fields.hpp"
#include "service/snapshot_json.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace sockledger {

namespace json = boost::json;

namespace {

/// What has to be looked at before anything else.
struct Version {
    std::string schema;
    int version = 0;
};

template<typename Json>
void fields(Json& json, typename Json::template Ref<Version> head) {
    json("schema", head.schema);
    json("version", head.version);
}

// Everything that looks up a row relies on it.
template<typename Row>
void sort_by_id(std::vector<Row>& rows) {
    if (!std::ranges::is_sorted(rows, {}, &Row::id))
        std::ranges::sort(rows, {}, &Row::id);
}

} // namespace

Result<std::shared_ptr<Snapshot>> read_snapshot(const json::value& document) {
    JsonReader reader(JsonReader::Unknown::Skipped);
    Version head;
    if (!reader.read(document, head))
        return Error{reader.problem()};
    if (!head.schema.starts_with("io.sockledger.") || head.version != json_version)
        return Error{"version: this is version " + std::to_string(head.version) + " of " + head.schema +
                     ", this program reads version " + std::to_string(json_version) + " of io.sockledger"};
    auto snapshot = std::make_shared<Snapshot>();
    if (!reader.read(document, *snapshot))
        return Error{reader.problem()};
    sort_by_id(snapshot->interfaces);
    sort_by_id(snapshot->apps);
    sort_by_id(snapshot->processes);
    sort_by_id(snapshot->connections);
    return snapshot;
}

Result<std::shared_ptr<Snapshot>> read_snapshot(std::string_view text) {
    json::monotonic_resource memory; // one document, then all of it is freed
    json::error_code error;
    const json::value parsed = json::parse({text.data(), text.size()}, error, &memory);
    if (error)
        return Error{"no JSON: " + error.message()};
    return read_snapshot(parsed);
}

} // namespace sockledger
