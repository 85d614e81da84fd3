# Distributed under the Boost Software License, Version 1.0.
# Headers, library, find_package(tusk) with tusk::tusk, and tusk.pc.

include(CMakePackageConfigHelpers)
set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/tusk")

install(TARGETS tusk EXPORT tuskTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp")
install(EXPORT tuskTargets NAMESPACE tusk:: DESTINATION ${config_dir})

configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/cmake/tuskConfig.cmake.in" "${PROJECT_BINARY_DIR}/tuskConfig.cmake"
    INSTALL_DESTINATION ${config_dir})
# Until 1.0 a new minor version may change the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/tuskConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/tuskConfig.cmake"
    "${PROJECT_BINARY_DIR}/tuskConfigVersion.cmake"
    "${PROJECT_SOURCE_DIR}/cmake/FindAsio.cmake"
    "${PROJECT_SOURCE_DIR}/cmake/FindGssapiKrb5.cmake"
    DESTINATION ${config_dir})

# pkg-config: the prefix is found from where the file lies, so `cmake --install --prefix` may choose it late.
cmake_path(IS_ABSOLUTE CMAKE_INSTALL_LIBDIR libdir_is_absolute)
if(libdir_is_absolute)
    set(TUSK_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
    set(TUSK_PC_LIBDIR "${CMAKE_INSTALL_LIBDIR}")
else()
    cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
        BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig" OUTPUT_VARIABLE up)
    set(TUSK_PC_PREFIX "\${pcfiledir}/${up}")
    set(TUSK_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
cmake_path(IS_ABSOLUTE CMAKE_INSTALL_INCLUDEDIR includedir_is_absolute)
if(includedir_is_absolute)
    set(TUSK_PC_INCLUDEDIR "${CMAKE_INSTALL_INCLUDEDIR}")
else()
    set(TUSK_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
set(TUSK_PC_NEEDS "libssl >= 3.0 libcrypto >= 3.0")
if(TUSK_GSSAPI)
    string(APPEND TUSK_PC_NEEDS " krb5-gssapi")
endif()
if(BUILD_SHARED_LIBS)
    set(TUSK_PC_REQUIRES_PRIVATE "${TUSK_PC_NEEDS}")
else()
    set(TUSK_PC_REQUIRES "${TUSK_PC_NEEDS}")
endif()
set(TUSK_PC_CFLAGS "-pthread -DASIO_STANDALONE -DASIO_HAS_CO_AWAIT=1 -DASIO_HAS_STD_COROUTINE=1")
if(Asio_INCLUDE_DIR AND NOT Asio_INCLUDE_DIR IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
    string(APPEND TUSK_PC_CFLAGS " -I${Asio_INCLUDE_DIR}")
endif()
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    string(APPEND TUSK_PC_CFLAGS " -DASIO_HAS_STD_ALIGNED_ALLOC=1")
endif()
configure_file("${PROJECT_SOURCE_DIR}/cmake/tusk.pc.in" "${PROJECT_BINARY_DIR}/tusk.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/tusk.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
