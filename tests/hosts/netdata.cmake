# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0

if(NOT TARGET sockledger-plugin)
    return()
endif()

sockledger_add_test(netdata_test LABEL hosts TIMEOUT 400
    SOURCES netdata_test.cpp netdata_host.cpp chromium.cpp LIBRARIES sockledger-test-support)
sockledger_add_test(netdata_streaming_test LABEL hosts TIMEOUT 300
    SOURCES netdata_streaming_test.cpp netdata_host.cpp LIBRARIES sockledger-test-support)
foreach(test IN ITEMS netdata_test netdata_streaming_test)
    target_compile_definitions(${test} PRIVATE
        SOCKLEDGER_NETDATA="${CMAKE_SOURCE_DIR}/netdata"
        SOCKLEDGER_NETDATA_PLUGIN="$<TARGET_FILE:sockledger-plugin>")
    add_dependencies(${test} sockledger-plugin)
endforeach()
