// A thousand TCP connections of a tree, each with a few bytes under way.
#include <sys/resource.h>

#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    constexpr int kPairs = 1000;
    rlimit limit{};
    CHECK_SYS(getrlimit(RLIMIT_NOFILE, &limit));
    if (limit.rlim_max < 3 * kPairs) {
        zdtm::skip("the hard limit of open files is too small");
    }
    limit.rlim_cur = limit.rlim_max;
    CHECK_SYS(setrlimit(RLIMIT_NOFILE, &limit));
    const int listening = zdtm::listener(zdtm::loopback(AF_INET));
    const zdtm::Address name = zdtm::local_name(listening);
    std::vector<zdtm::TcpPair> pairs;
    for (int i = 0; i < kPairs; i++) {
        const int client = zdtm::connected_to(name);
        pairs.push_back({client, CHECK_SYS(accept(listening, nullptr, nullptr))});
        zdtm::send_text(client, std::to_string(i));
    }

    zdtm::checkpoint_here();

    for (int i = 0; i < kPairs; i++) {
        zdtm::expect_text(pairs[i].server, std::to_string(i));
        zdtm::send_text(pairs[i].server, "answer");
        zdtm::expect_text(pairs[i].client, "answer");
    }
    const int client = zdtm::connected_to(name);
    zdtm::expect_both_ways(client, CHECK_SYS(accept(listening, nullptr, nullptr)));
    zdtm::pass();
}
