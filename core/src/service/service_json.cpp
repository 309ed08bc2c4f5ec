// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/service_json.hpp"

#include "service/json_reader.hpp"
#include "service/json_writer.hpp"
#include "service/service_fields.hpp"

namespace sockledger {

template<typename Parameters>
void append_parameters(std::string& out, const Parameters& parameters) {
    JsonWriter(out).write(parameters);
}

template<typename Parameters>
std::variant<Parameters, BadParameter> read_request(const boost::json::object& parameters) {
    Parameters request;
    JsonReader reader(JsonReader::Unknown::Wrong);
    if (!reader.read(parameters, request))
        return BadParameter{reader.path(), reader.reason()};
    return request;
}

template<typename Parameters>
Result<Parameters> read_reply(const boost::json::object& parameters) {
    Parameters reply;
    JsonReader reader(JsonReader::Unknown::Skipped);
    if (!reader.read(parameters, reply))
        return Error{reader.problem()};
    return reply;
}

#define SOCKLEDGER_PARAMETERS(T)                                                                             \
    template void append_parameters(std::string&, const T&);                                                 \
    template std::variant<T, BadParameter> read_request(const boost::json::object&);                         \
    template Result<T> read_reply(const boost::json::object&);

SOCKLEDGER_PARAMETERS(NoParameters)
SOCKLEDGER_PARAMETERS(GetSnapshotParameters)
SOCKLEDGER_PARAMETERS(SubscribeParameters)
SOCKLEDGER_PARAMETERS(UsageQuery)
SOCKLEDGER_PARAMETERS(Usage)
SOCKLEDGER_PARAMETERS(MonitoredNames)
SOCKLEDGER_PARAMETERS(RuleParameter)
SOCKLEDGER_PARAMETERS(RuleId)
SOCKLEDGER_PARAMETERS(AlertsSince)
SOCKLEDGER_PARAMETERS(InterfaceList)
SOCKLEDGER_PARAMETERS(RuleList)
SOCKLEDGER_PARAMETERS(AlertList)
SOCKLEDGER_PARAMETERS(AlertParameter)
SOCKLEDGER_PARAMETERS(DaemonStatus)
#undef SOCKLEDGER_PARAMETERS

} // namespace sockledger
