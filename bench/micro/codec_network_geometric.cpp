// Distributed under the Boost Software License, Version 1.0.
// Addresses and shapes.
#include "codec_bench.hpp"

#include <vector>

namespace bench {
namespace {

template <class T>
void add_parsed(const char* name, oid type, const char* text)
{
    add(name, type, T::parse(text).value(), text);
}

[[maybe_unused]] const bool added = [] {
    add_parsed<tusk::inet>("inet", oid::inet, "192.168.0.1/24");
    add_parsed<tusk::inet>("inet_v6", oid::inet, "2001:db8::ff00:42:8329");
    add_parsed<tusk::cidr>("cidr", oid::cidr, "10.0.0.0/8");
    add_parsed<tusk::macaddr>("macaddr", oid::macaddr, "08:00:2b:01:02:03");
    add_parsed<tusk::macaddr8>("macaddr8", oid::macaddr8, "08:00:2b:ff:fe:01:02:03");
    add_parsed<tusk::point>("point", oid::point, "(1,2.5)");
    add_parsed<tusk::line>("line", oid::line, "{1,2,3}");
    add_parsed<tusk::lseg>("lseg", oid::lseg, "[(1,2),(3,4)]");
    add_parsed<tusk::box>("box", oid::box, "(3,4),(1,2)");
    add_parsed<tusk::path>("path", oid::path, "((0,0),(1,1),(2,0))");
    add_parsed<tusk::polygon>("polygon", oid::polygon, "((0,0),(1,1),(2,0))");
    add_parsed<tusk::circle>("circle", oid::circle, "<(1,2),3>");
    add("polygon_1000", oid::polygon, tusk::polygon(std::vector(1000, tusk::point{1, 2})));
    return true;
}();

} // namespace
} // namespace bench
