// TCP connections to the outside in FIN_WAIT1, LAST_ACK and CLOSING: the outsider hears all that
// was sent, and the end.
#include "closing.h"
#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Closing connections[] = {zdtm::fin_wait(zdtm::loopback(AF_INET6)),
                                         zdtm::last_ack(zdtm::loopback(AF_INET)),
                                         zdtm::closing(zdtm::loopback(AF_INET))};
    const zdtm::Outsider outsider([&] {
        for (const zdtm::Closing& each : connections) {
            close(each.pair.client);
        }
        zdtm::wait_until([] { return access(zdtm::path("go").c_str(), F_OK) == 0; }, 120);
        for (const zdtm::Closing& each : connections) {
            zdtm::expect_all(each.pair.server, each.text);
        }
        zdtm::send_text(connections[0].pair.server, "thanks");
        close(CHECK_SYS(open(zdtm::path("heard").c_str(), O_CREAT | O_WRONLY, 0666)));
        zdtm::wait_until([] { return access(zdtm::path("result").c_str(), F_OK) == 0; }, 120);
    });
    for (const zdtm::Closing& each : connections) {
        close(each.pair.server);
    }

    zdtm::checkpoint_here();

    zdtm::expect_first_words(connections[1].pair.client);
    zdtm::expect_first_words(connections[2].pair.client);
    zdtm::wait_until([] { return access(zdtm::path("heard").c_str(), F_OK) == 0; }, 120);
    zdtm::expect_text(connections[0].pair.client, "thanks");
    zdtm::pass();
}
