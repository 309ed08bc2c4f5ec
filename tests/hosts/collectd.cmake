# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0

# Only a program that is built with a sanitizer loads a plugin that is
if(NOT TARGET sockledger-collectd-plugin OR SOCKLEDGER_SANITIZE OR SOCKLEDGER_FUZZ)
    return()
endif()

foreach(test IN ITEMS collectd_test collectd_life_test)
    sockledger_add_test(${test} LABEL hosts TIMEOUT 600
        SOURCES ${test}.cpp collectd_host.cpp LIBRARIES sockledger-test-support)
    target_compile_definitions(${test} PRIVATE
        SOCKLEDGER_COLLECTD_README="${PROJECT_SOURCE_DIR}/collectd/README.md"
        SOCKLEDGER_COLLECTD_STOCK="${SOCKLEDGER_COLLECTD_PLUGIN_DIR}"
        SOCKLEDGER_COLLECTD_MODULE="$<TARGET_FILE_DIR:sockledger-collectd-plugin>")
    add_dependencies(${test} sockledger-collectd-plugin)
endforeach()

# The plugin once more for each sanitizer; collectd and the library stay as they are.
get_target_property(sources sockledger-collectd SOURCES)
list(APPEND sources src/plugin.cpp)
list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/collectd/)
foreach(sanitizer IN ITEMS address thread)
    set(plugin collectd-plugin-${sanitizer})
    add_library(${plugin} MODULE ${sources})
    set_target_properties(${plugin} PROPERTIES
        PREFIX "" OUTPUT_NAME sockledger LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/collectd-${sanitizer})
    target_compile_definitions(${plugin} PRIVATE HAVE_CONFIG_H)
    target_include_directories(${plugin} PRIVATE ${PROJECT_SOURCE_DIR}/collectd/src)
    target_include_directories(${plugin} SYSTEM PRIVATE ${COLLECTD_INCLUDE_DIR} ${COLLECTD_INCLUDE_DIR}/collectd)
    target_compile_options(${plugin} PRIVATE -fsanitize=${sanitizer} -fno-omit-frame-pointer)
    target_link_options(${plugin} PRIVATE -fsanitize=${sanitizer})
    target_link_libraries(${plugin} PRIVATE sockledger::sockledger sockledger-options)
    string(TOUPPER SOCKLEDGER_COLLECTD_${sanitizer} name)
    target_compile_definitions(collectd_life_test PRIVATE ${name}="$<TARGET_FILE_DIR:${plugin}>")
    add_dependencies(collectd_life_test ${plugin})
endforeach()
target_compile_definitions(collectd_life_test PRIVATE SOCKLEDGER_COMPILER="${CMAKE_CXX_COMPILER}")
