# Distributed under the Boost Software License, Version 1.0.
#
# MIT Kerberos' GSSAPI. Gives the target gssapi::krb5; one that exists already is used as it is.

if(TARGET gssapi::krb5)
    set(GssapiKrb5_FOUND TRUE)
    return()
endif()

find_path(GssapiKrb5_INCLUDE_DIR NAMES gssapi/gssapi_krb5.h)
find_library(GssapiKrb5_LIBRARY NAMES gssapi_krb5)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(GssapiKrb5
    REQUIRED_VARS GssapiKrb5_LIBRARY GssapiKrb5_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "MIT Kerberos (gssapi_krb5) was not found: on Debian, install libkrb5-dev")
mark_as_advanced(GssapiKrb5_INCLUDE_DIR GssapiKrb5_LIBRARY)

if(GssapiKrb5_FOUND)
    add_library(gssapi::krb5 UNKNOWN IMPORTED)
    set_target_properties(gssapi::krb5 PROPERTIES IMPORTED_LOCATION "${GssapiKrb5_LIBRARY}")
    # A system's own folder, named once more, would change the order in which headers are found.
    if(NOT GssapiKrb5_INCLUDE_DIR IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
        set_target_properties(gssapi::krb5 PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${GssapiKrb5_INCLUDE_DIR}")
    endif()
endif()
