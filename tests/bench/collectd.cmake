# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0

if(NOT TARGET sockledger-collectd-plugin)
    return()
endif()

add_executable(collectd_bench collectd_bench.cpp ../hosts/collectd_host.cpp)
target_compile_definitions(collectd_bench PRIVATE
    SOCKLEDGER_COLLECTD_STOCK="${SOCKLEDGER_COLLECTD_PLUGIN_DIR}"
    SOCKLEDGER_COLLECTD_MODULE="$<TARGET_FILE_DIR:sockledger-collectd-plugin>")
target_link_libraries(collectd_bench PRIVATE sockledger-bench)
add_dependencies(collectd_bench sockledger-collectd-plugin)
add_dependencies(benchmarks collectd_bench)
