// POSIX message queues: the status that the kernel prints, the script that reads one, and what
// validate() refuses.
#include "sys/posix_mqueue.h"

#include <signal.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <vector>

#include "dump/posix_mqueue_script.h"
#include "image_refusals.h"

using namespace crtool;
using namespace crtool::image;
using namespace crtool::image::sample;

namespace {

// The operations of a script, as they would run.
std::vector<parasite::Op> ops_of(const dump::MqueueQuestion& question) {
    std::vector<std::byte> memory(dump::mqueue_bytes(question));
    parasite::Arena arena(memory.data(), 0x10000, memory.size());
    parasite::Steps steps;
    parasite::ScriptBuilder script(arena, steps, 1);
    parasite::Ref fd = script.call("be given it", parasite::kWord, {0});
    dump::emit_mqueue_questions(question, fd, script);
    const auto* made = arena.host<parasite::Script>(script.finish());
    const auto* ops = arena.host<parasite::Op>(made->ops);
    return {ops + 1, ops + made->count};
}

std::vector<int> codes_of(const dump::MqueueQuestion& question) {
    std::vector<int> codes;
    for (const parasite::Op& op : ops_of(question))
        codes.push_back(op.code);
    return codes;
}

Image with_queue() {
    Image image = make_whole_image();
    PosixMqueue& queue = image.mqueues.emplace_back();
    queue.set_id(1);
    queue.set_name("q");
    queue.set_max_messages(2);
    queue.set_message_size(4);
    queue.add_messages()->set_text("text");
    OpenFile& file = image.files.emplace_back();
    file.set_id(9000);
    file.mutable_posix_mqueue()->set_queue(1);
    Fd& fd = *image.tasks[0].add_fds();
    fd.set_fd(900);
    fd.set_file(9000);
    queue.mutable_notify()->set_pid(image.tasks[0].pid());
    queue.mutable_notify()->set_fd(900);
    return image;
}

void check_refused(const char* why, void (*change)(PosixMqueue&)) {
    Image image = with_queue();
    change(image.mqueues[0]);
    CHECK_THROWS_WITH(validate(image), Catch::Contains(why));
}

}  // namespace

TEST_CASE("posix_mqueue: status") {
    sys::MqueueNotify notify =
        sys::parse_mqueue_status("QSIZE:129        NOTIFY:0     SIGNO:10    NOTIFY_PID:8260  \n");
    CHECK(notify.how == SIGEV_SIGNAL);
    CHECK(notify.signal == 10);
    CHECK(notify.pid == 8260);
    CHECK_THROWS(sys::parse_mqueue_status("QSIZE:129 NOTIFY:0"));
}

TEST_CASE("posix_mqueue: all messages are taken before the first is put back") {
    constexpr int kSkip = parasite::kSkipOnError;
    constexpr int kWord = parasite::kWord;
    CHECK(codes_of({2, 100, -1, 0, 0}) == std::vector<int>{SYS_mq_timedreceive, SYS_mq_timedreceive,
                                                           kSkip, kWord, SYS_mq_timedsend, kSkip,
                                                           kWord, SYS_mq_timedsend, SYS_close});
    std::vector<parasite::Op> ops = ops_of({2, 100, -1, 0, 0});
    for (const parasite::Op& op : ops)
        CHECK(op.accept == parasite::kGoOn);
    // Where, as long as it was received, and with its priority.
    const parasite::Op& sent = ops[7];
    CHECK(sent.args[1] == ops[1].args[1]);
    CHECK(sent.refs == 0b1101);
    CHECK(sent.args[2] == 2);
    CHECK(ops[6].args[0] == ops[1].args[3]);
}

TEST_CASE("posix_mqueue: a notification is asked for anew after the last close") {
    constexpr int kCopy = parasite::kCopy;
    CHECK(codes_of({0, 100, 7, SIGEV_SIGNAL, SIGUSR1}) ==
          std::vector<int>{SYS_mq_timedsend, parasite::kSkipOnError, SYS_mq_timedreceive,
                           SYS_rt_sigtimedwait, kCopy, kCopy, SYS_close, SYS_mq_notify});
    std::vector<int> none = codes_of({1, 100, 7, SIGEV_NONE, 0});
    CHECK(none[none.size() - 2] == SYS_close);
    CHECK(none.back() == SYS_mq_notify);
}

TEST_CASE("posix_mqueue: a cookie is taken before the messages, and registered by its socket") {
    constexpr int kSkip = parasite::kSkipOnError;
    dump::MqueueQuestion question{0, 100, 7, SIGEV_THREAD, 0, {4, 5}};
    CHECK(codes_of(question) == std::vector<int>{SYS_mq_notify, SYS_recvfrom, SYS_recvfrom,
                                                 SYS_close, kSkip, SYS_mq_notify, kSkip,
                                                 SYS_mq_notify});
    std::vector<parasite::Op> ops = ops_of(question);
    CHECK(ops[0].args[1] == 0);
    CHECK(ops[2].args[0] == 5);
    CHECK(ops[6].args[0] == 3);  // the second socket's: one operation is before ops[0]
    CHECK(ops[6].refs == 1);
    for (const parasite::Op& op : ops)
        CHECK(op.accept == parasite::kGoOn);
    question.messages = 1;
    CHECK(codes_of(question)[3] == SYS_mq_timedreceive);
}

TEST_CASE("validate: POSIX message queues") {
    CHECK_NOTHROW(validate(with_queue()));
    check_refused("has the id 0", [](PosixMqueue& q) { q.set_id(0); });
    check_refused("queue 1 is not in the image", [](PosixMqueue& q) { q.set_id(2); });
    check_refused("its name is", [](PosixMqueue& q) { q.set_name("a/b"); });
    check_refused("its name is", [](PosixMqueue& q) { q.set_name(""); });
    check_refused("room for", [](PosixMqueue& q) { q.set_max_messages(70000); });
    check_refused("room for", [](PosixMqueue& q) { q.set_message_size(0); });
    check_refused("a message of 4", [](PosixMqueue& q) { q.set_message_size(3); });
    check_refused("priority 32768",
                  [](PosixMqueue& q) { q.mutable_messages(0)->set_priority(32768); });
    check_refused("its mode", [](PosixMqueue& q) { q.set_mode(010000); });
    check_refused("its owner", [](PosixMqueue& q) { q.set_uid(UINT32_MAX); });
    check_refused("shared with others", [](PosixMqueue& q) { q.set_shared(true); });
    check_refused("not in the image", [](PosixMqueue& q) { q.mutable_notify()->set_pid(4000000); });
    check_refused("is not of it", [](PosixMqueue& q) { q.mutable_notify()->set_fd(901); });
    check_refused("notifies by 3", [](PosixMqueue& q) { q.mutable_notify()->set_how(3); });
    check_refused("its cookie has 0", [](PosixMqueue& q) { q.mutable_notify()->set_how(2); });
    check_refused("its cookie has 1", [](PosixMqueue& q) { q.mutable_notify()->set_cookie("x"); });
    check_refused("is no netlink socket", [](PosixMqueue& q) {
        q.mutable_notify()->set_how(SIGEV_THREAD);
        q.mutable_notify()->set_cookie(std::string(sys::kCookieBytes, 'x'));
        q.mutable_notify()->set_socket(900);
    });
}
