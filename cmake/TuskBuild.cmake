# Distributed under the Boost Software License, Version 1.0.
# How tusk's own targets are compiled. Nothing here reaches who embeds tusk, except C++20 and the headers.

include(GNUInstallDirs)

if(PROJECT_IS_TOP_LEVEL)
    set(CMAKE_CXX_EXTENSIONS OFF)
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
    endif()
endif()

# The whole tree is instrumented, or nothing: half of it would miss faults and report false ones.
if(TUSK_SANITIZE STREQUAL "address")
    set(sanitizer -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(TUSK_SANITIZE STREQUAL "thread")
    set(sanitizer -fsanitize=thread -fno-omit-frame-pointer)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Asio has fences, which this sanitizer does not follow; the locks beside them are enough for it.
        add_compile_options(-Wno-tsan)
    endif()
elseif(TUSK_SANITIZE)
    message(FATAL_ERROR "TUSK_SANITIZE is '${TUSK_SANITIZE}'; it can be address, thread or empty")
endif()
if(TUSK_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "TUSK_FUZZ needs clang (libFuzzer): configure with -DCMAKE_CXX_COMPILER=clang++")
    endif()
    set(sanitizer -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(sanitizer)
    add_compile_options(${sanitizer})
    add_link_options(${sanitizer})
endif()

# Warnings for everything of ours; errors only in tusk's own tree.
function(tusk_warnings target)
    if(NOT TUSK_DEVELOPER OR NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
        return()
    endif()
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC 12 reports std::string's own operator+ (GCC bug 105651), and the frames of Asio's coroutines.
        target_compile_options(${target} PRIVATE -Wno-restrict -Wno-mismatched-new-delete)
        if(TUSK_SANITIZE)
            # Instrumented code misleads these; the plain build has them.
            target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-stringop-overflow
                                                     -Wno-array-bounds)
        endif()
    endif()
endfunction()

# What the object library and the library share.
function(tusk_library_options target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_include_directories(${target}
        PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
        PRIVATE ${PROJECT_SOURCE_DIR}/src)
    if(BUILD_SHARED_LIBS)
        set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    endif()
    tusk_warnings(${target})
    if(TUSK_DEVELOPER)
        target_compile_definitions(${target} PRIVATE ASIO_NO_DEPRECATED)
        if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
            # Every narrowing is a checked one where bytes become values (clang counts signs in as well).
            file(GLOB exact CONFIGURE_DEPENDS src/wire/*.cpp src/values/*.cpp src/codec/*.cpp)
            set_source_files_properties(${exact} PROPERTIES COMPILE_OPTIONS "-Wconversion;-Wno-sign-conversion")
        endif()
    endif()
endfunction()

option(TUSK_UNITY "Sources that share much are compiled in groups: all take half the time, a change of one takes longer" OFF)

# The target's sources include so much, Asio above all, that a group of them takes little longer than one.
function(tusk_group_sources target)
    if(TUSK_UNITY)
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # takes all that is included for a header
            target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
        endif()
    endif()
endfunction()

# In a tree with tests the library is optimised, and what runs for a moment is not: tests, and examples and benchmarks that
# are run for sanity. It takes the compiler half as long, and less still with the headers that it begins with, if any are
# named, compiled beforehand. (Sanitizers see line numbers of all.)
function(tusk_build_fast target)
    if(NOT TUSK_TESTS OR TUSK_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
        return()
    endif()
    target_compile_options(${target} PRIVATE -O0 -g0)
    if(ARGN)
        target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
endfunction()
