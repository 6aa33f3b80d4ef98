# One line a target. Rooms are added in dependency order; a library's include root is the source tree.

add_library(quittance_warnings INTERFACE)
target_compile_options(quittance_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Woverloaded-virtual
    -Wnon-virtual-dtor -Wnull-dereference -Wcast-align -Wformat=2 -Wswitch-enum -Werror
    $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wuseless-cast -Wsuggest-override>)
# g++ 12 reports null dereferences and uninitialised reads inside the standard library's own inlined code; clang-tidy's
# analyzer looks for the same in ours.
target_compile_options(quittance_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-null-dereference -Wno-maybe-uninitialized>)

add_library(quittance_qt_defines INTERFACE)
target_compile_definitions(quittance_qt_defines INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_FOREACH QT_NO_JAVA_STYLE_ITERATORS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_USE_QSTRINGBUILDER QT_DISABLE_DEPRECATED_BEFORE=0x060400)

if(QUITTANCE_SANITIZE)
    add_compile_options(-fsanitize=${QUITTANCE_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${QUITTANCE_SANITIZE})
endif()

# quittance_add_rooms(ROOM...): the folders below this one, in the order in which they may include each other.
macro(quittance_add_rooms)
    foreach(room ${ARGN})
        if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/CMakeLists.txt)
            add_subdirectory(${room})
        endif()
    endforeach()
endmacro()

# quittance_add_library(NAME SOURCES ... [PUBLIC_DEPENDS ...] [PRIVATE_DEPENDS ...] [QT])
function(quittance_add_library name)
    cmake_parse_arguments(ARG "QT" "" "SOURCES;PUBLIC_DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_PUBLIC_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS} quittance_warnings)
    if(ARG_QT)
        target_link_libraries(${name} PRIVATE quittance_qt_defines)
        set_target_properties(${name} PROPERTIES AUTOMOC ON AUTORCC ON)
    endif()
endfunction()

# quittance_add_executable(NAME SOURCES ... [DEPENDS ...] [QT]): goes to bin/ of the build folder.
function(quittance_add_executable name)
    cmake_parse_arguments(ARG "QT" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} quittance_warnings)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    if(ARG_QT)
        target_link_libraries(${name} PRIVATE quittance_qt_defines)
        set_target_properties(${name} PROPERTIES AUTOMOC ON AUTORCC ON)
    endif()
endfunction()

# quittance_add_test(NAME SOURCES ... [DEPENDS ...] [LABEL unit|model|storage|contract|e2e|gui|structure] [QT])
# A test without Qt is a doctest program; tests/support/doctest_main.cpp brings its main. A Qt test brings its own.
function(quittance_add_test name)
    cmake_parse_arguments(ARG "QT" "LABEL" "SOURCES;DEPENDS" ${ARGN})
    if(NOT ARG_LABEL)
        set(ARG_LABEL unit)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} quittance_warnings)
    if(ARG_QT)
        target_link_libraries(${name} PRIVATE quittance_qt_defines Qt6::Test)
        set_target_properties(${name} PROPERTIES AUTOMOC ON AUTORCC ON)
    else()
        target_link_libraries(${name} PRIVATE test_main)
    endif()
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
    if(ARG_LABEL STREQUAL "gui")
        set_tests_properties(${name} PROPERTIES RESOURCE_LOCK display)
    endif()
endfunction()
