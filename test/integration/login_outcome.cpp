// Distributed under the Boost Software License, Version 1.0.
#include "integration/login_outcome.hpp"

namespace tusk_test {

login_outcome log_in_and_ask(const std::string& to, const char* question,
                             const tusk::connection_options& options)
{
    login_outcome o;
    asio::io_context io;
    tusk::connection db(io, options);
    db.async_connect(to, [&](std::error_code ec, const tusk::diagnostics& diag) {
        o.ec = ec;
        o.text = diag.message();
        if (ec) return;
        o.tls = db.tls();
        o.method = db.authentication_method();
        db.async_query_one<std::string>(tusk::sql(question), [&](std::error_code failed,
                                                                 const tusk::single<std::string>& answer) {
            EXPECT_FALSE(failed) << failed.message();
            o.server_says = answer.value();
            db.async_close([&](std::error_code closed, const tusk::diagnostics&) { EXPECT_FALSE(closed); });
        });
    });
    io.run_for(std::chrono::seconds(60));
    EXPECT_TRUE(io.stopped()) << "work was left over";
    return o;
}

void expect_refusal(const login_outcome& o, std::error_code why, std::string_view sentence)
{
    EXPECT_EQ(o.ec, why) << o.ec.message() << ": " << o.text;
    EXPECT_NE(o.text.find(sentence), std::string::npos) << o.text;
    EXPECT_EQ(o.text.find("sesame"), std::string::npos) << "a secret is told";
}

} // namespace tusk_test
