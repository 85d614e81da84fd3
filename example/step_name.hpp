// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/connect_event.hpp>

/// A step of connecting in words.
[[nodiscard]] inline const char* name_of(enum tusk::connect_event::step what)
{
    using step = enum tusk::connect_event::step;
    switch (what) {
    case step::looking_up:
        return "looking up";
    case step::looked_up:
        return "looked up";
    case step::connecting:
        return "connecting";
    case step::connected:
        return "connected";
    case step::encrypted:
        return "encrypted";
    case step::authentication:
        return "authentication";
    case step::authenticated:
        return "authenticated";
    case step::ready:
        return "ready";
    case step::failed:
        return "failed";
    }
    return "?";
}
