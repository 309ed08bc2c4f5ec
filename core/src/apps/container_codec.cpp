// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/container_codec.hpp"

#include "kernel/text.hpp"

#include <boost/json/parse.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>

namespace sockledger {

namespace {

namespace json = boost::json;

std::string name_of(std::string_view text) {
    constexpr std::size_t longest = 256;
    std::string name = printable(text);
    return name.size() <= longest ? name : std::string();
}

std::string_view text_of(const json::value* value) {
    const json::string* const text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

json::value parse(std::string_view text) {
    json::error_code error;
    json::value value = json::parse(text, error);
    return error ? json::value() : value;
}

// As kubectl and crictl name them.
std::string pod_name(std::string_view space, std::string_view pod, std::string_view container) {
    std::string name;
    for (const std::string_view part : {space, pod, container}) {
        if (!part.empty())
            name += (name.empty() ? "" : "/") + std::string(part);
    }
    return name_of(name);
}

// What holds a pod's network, and runs nothing else.
constexpr std::string_view pod_itself = "POD";

} // namespace

std::string docker_name(std::string_view config) {
    const json::value root = parse(config);
    std::string_view name = text_of(root.is_object() ? root.get_object().if_contains("Name") : nullptr);
    name.remove_prefix(name.starts_with('/') ? 1 : 0);
    if (!name.starts_with("k8s_"))
        return name_of(name);
    std::array<std::string_view, 4> parts; // "k8s", container, pod, namespace
    std::string_view rest = name;
    for (std::string_view& part : parts) {
        const auto end = rest.find('_');
        if (end == rest.npos)
            return name_of(name);
        part = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    return pod_name(parts[3], parts[2], parts[1] == pod_itself ? std::string_view() : parts[1]);
}

std::string bundle_name(std::string_view config) {
    const json::value root = parse(config);
    const json::value* const found =
        root.is_object() ? root.get_object().if_contains("annotations") : nullptr;
    if (!found || !found->is_object())
        return {};
    const auto annotation = [&](std::initializer_list<std::string_view> keys) {
        std::string_view value;
        for (const std::string_view key : keys)
            if (value.empty())
                value = text_of(found->get_object().if_contains(key));
        return value;
    };
    const auto pod = annotation({"io.kubernetes.cri.sandbox-name", "io.kubernetes.pod.name"});
    if (pod.empty())
        return name_of(annotation({"nerdctl/name"}));
    const auto container = annotation({"io.kubernetes.cri.container-name", "io.kubernetes.container.name"});
    return pod_name(annotation({"io.kubernetes.cri.sandbox-namespace", "io.kubernetes.pod.namespace"}), pod,
                    container == pod_itself ? std::string_view() : container);
}

std::unordered_map<std::string, std::string> storage_names(std::string_view containers) {
    std::unordered_map<std::string, std::string> names;
    const json::value root = parse(containers);
    if (!root.is_array())
        return names;
    for (const json::value& container : root.get_array()) {
        const json::object* const fields = container.if_object();
        const json::value* const list = fields ? fields->if_contains("names") : nullptr;
        if (!list || !list->is_array() || list->get_array().empty())
            continue;
        const std::string_view id = text_of(fields->if_contains("id"));
        std::string name = name_of(text_of(&list->get_array().front()));
        if (!id.empty() && !name.empty())
            names.emplace(id, std::move(name));
    }
    return names;
}

} // namespace sockledger
