// TCP connections that both ends are closing while a full window keeps the last FIN back: what the
// tests of them do, wherever the other end is.
#pragma once

#include "inet.h"

namespace zdtm {

struct Closing {
    TcpPair pair;  // the client has sent `text`, and its FIN waits behind it
    std::string text;
};

// The client closes after the other end has: LAST_ACK.
inline Closing last_ack(const Address& address) {
    Closing closing{tcp_pair(address), ""};
    send_text(closing.pair.server, "first");
    CHECK_SYS(shutdown(closing.pair.server, SHUT_WR));
    wait_until([&] { return tcp_state(closing.pair.client) == TCP_CLOSE_WAIT; });
    closing.text = fill(closing.pair.client, 11);
    CHECK_SYS(shutdown(closing.pair.client, SHUT_WR));
    CHECK_EQ(tcp_state(closing.pair.client), TCP_LAST_ACK);
    return closing;
}

// The client closes before it hears that the other end has: CLOSING.
inline Closing closing(const Address& address) {
    Closing closing{tcp_pair(address), ""};
    closing.text = fill(closing.pair.client, 12);
    CHECK_SYS(shutdown(closing.pair.client, SHUT_WR));
    send_text(closing.pair.server, "first");
    CHECK_SYS(shutdown(closing.pair.server, SHUT_WR));
    wait_until([&] { return tcp_state(closing.pair.client) == TCP_CLOSING; });
    return closing;
}

// The client closes, and its other end does not: FIN_WAIT1.
inline Closing fin_wait(const Address& address) {
    Closing closing{tcp_pair(address), ""};
    closing.text = fill(closing.pair.client, 13);
    CHECK_SYS(shutdown(closing.pair.client, SHUT_WR));
    CHECK_EQ(tcp_state(closing.pair.client), TCP_FIN_WAIT1);
    return closing;
}

inline void expect_first_words(int client) {
    expect_text(client, "first");
    expect_end(client);
}

inline void expect_all(int server, const std::string& text) {
    expect_text(server, text);
    expect_end(server);
}

}  // namespace zdtm
