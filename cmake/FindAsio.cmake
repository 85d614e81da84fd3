# Distributed under the Boost Software License, Version 1.0.
#
# Standalone Asio, headers only. Gives the target asio::asio; one that exists already (from a package
# manager or from FetchContent) is used as it is. Asio_INCLUDE_DIR names the folder that holds asio.hpp.

if(TARGET asio::asio)
    set(Asio_FOUND TRUE)
    return()
endif()

find_path(Asio_INCLUDE_DIR NAMES asio.hpp)

if(Asio_INCLUDE_DIR AND EXISTS "${Asio_INCLUDE_DIR}/asio/version.hpp")
    # "#define ASIO_VERSION 102201 // 1.22.1"
    file(STRINGS "${Asio_INCLUDE_DIR}/asio/version.hpp" asio_version_line REGEX "define ASIO_VERSION [0-9]+")
    string(REGEX MATCH "ASIO_VERSION ([0-9]+)" asio_version_line "${asio_version_line}")
    if(CMAKE_MATCH_1)
        math(EXPR asio_major "${CMAKE_MATCH_1} / 100000")
        math(EXPR asio_minor "${CMAKE_MATCH_1} / 100 % 1000")
        math(EXPR asio_patch "${CMAKE_MATCH_1} % 100")
        set(Asio_VERSION "${asio_major}.${asio_minor}.${asio_patch}")
    endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Asio
    REQUIRED_VARS Asio_INCLUDE_DIR
    VERSION_VAR Asio_VERSION
    REASON_FAILURE_MESSAGE "Standalone Asio (asio.hpp) was not found: on Debian, install libasio-dev")
mark_as_advanced(Asio_INCLUDE_DIR)

if(Asio_FOUND)
    add_library(asio::asio INTERFACE IMPORTED)
    set_target_properties(asio::asio PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${Asio_INCLUDE_DIR}"
        INTERFACE_COMPILE_DEFINITIONS "ASIO_STANDALONE")
endif()
