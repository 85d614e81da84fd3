# Distributed under the Boost Software License, Version 1.0.
# One step of the consumer tests; see CMakeLists.txt beside this file.
cmake_minimum_required(VERSION 3.22)

set(prefix "${WORK}/prefix")

function(run)
    list(JOIN ARGN " " line)
    message(STATUS "${line}")
    execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(build_and_run project)
    set(dir "${WORK}/${project}")
    file(REMOVE_RECURSE "${dir}")
    run("${CMAKE_COMMAND}" -S "${SOURCE}/${project}" -B "${dir}" -G "${GENERATOR}" -DCMAKE_BUILD_TYPE=Debug
        "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}"
        "-DAsio_INCLUDE_DIR=${ASIO_DIR}" ${ARGN})
    run("${CMAKE_COMMAND}" --build "${dir}" --parallel 2)
    run("${dir}/consumer")
endfunction()

if(STEP STREQUAL "install")
    file(REMOVE_RECURSE "${prefix}")
    run("${CMAKE_COMMAND}" --install "${TUSK_BUILD}" --prefix "${prefix}")
    # Outsiders get no header of the implementation, and no path of the build.
    file(GLOB_RECURSE installed RELATIVE "${prefix}" "${prefix}/*")
    foreach(file IN LISTS installed)
        if(file MATCHES "\\.(cmake|pc)$")
            file(STRINGS "${prefix}/${file}" leaks REGEX "${TUSK_BUILD}|${TUSK_SOURCE}/(src|include)")
            # The prefix of this test lies in the build folder itself.
            list(FILTER leaks EXCLUDE REGEX "${prefix}")
            if(leaks)
                message(FATAL_ERROR "${file} names the build: ${leaks}")
            endif()
        endif()
    endforeach()
    foreach(wanted include/tusk/error.hpp ${LIBDIR}/cmake/tusk/tuskConfig.cmake
            ${LIBDIR}/cmake/tusk/tuskConfigVersion.cmake ${LIBDIR}/cmake/tusk/FindAsio.cmake
            ${LIBDIR}/pkgconfig/tusk.pc)
        if(NOT wanted IN_LIST installed)
            message(FATAL_ERROR "${wanted} was not installed")
        endif()
    endforeach()
elseif(STEP STREQUAL "find_package")
    # Moved: nothing may depend on where it was installed first.
    file(REMOVE_RECURSE "${WORK}/moved")
    file(COPY "${prefix}/" DESTINATION "${WORK}/moved")
    build_and_run(with_find_package "-DCMAKE_PREFIX_PATH=${WORK}/moved")
elseif(STEP STREQUAL "add_subdirectory")
    # Each source is compiled alone here, and by the other compiler where there is one.
    if(COMPILER_ID STREQUAL "GNU")
        find_program(CLANG clang++)
        if(CLANG)
            set(COMPILER "${CLANG}")
        endif()
    endif()
    # without debug information it is built in two thirds of the time
    build_and_run(with_add_subdirectory "-DTUSK_SOURCE=${TUSK_SOURCE}" "-DCMAKE_CXX_FLAGS_DEBUG=-O0")
elseif(STEP STREQUAL "pkg_config")
    find_program(PKG_CONFIG NAMES pkg-config pkgconf REQUIRED)
    set(ENV{PKG_CONFIG_PATH} "${prefix}/${LIBDIR}/pkgconfig")
    execute_process(COMMAND "${PKG_CONFIG}" --cflags --libs tusk
        OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    file(MAKE_DIRECTORY "${WORK}/pkg_config")
    set(program "${WORK}/pkg_config/consumer")
    run(${LAUNCHER} "${COMPILER}" -std=c++20 -c "${SOURCE}/main.cpp" -o "${program}.o" ${flags})
    run("${COMPILER}" "${program}.o" -o "${program}" ${flags})
    if(SHARED)
        set(ENV{LD_LIBRARY_PATH} "${prefix}/${LIBDIR}")
    endif()
    run("${program}")
else()
    message(FATAL_ERROR "unknown step '${STEP}'")
endif()
