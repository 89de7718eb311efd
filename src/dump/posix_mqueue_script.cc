// See posix_mqueue_script.h. From the first message that is taken out no operation may end the
// script, so all of them go on whatever their result is.
#include "dump/posix_mqueue_script.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include <cstddef>

#include "base/error.h"
#include "sys/posix_mqueue.h"

namespace crtool::dump {
namespace {

using parasite::kGoOn;
using parasite::Ref;

constexpr uint64_t kSetBytes = 8;
constexpr uint64_t kOpsPerMessage = 4;
constexpr uint64_t kOpsPerSocket = 3;
constexpr uint64_t kBytesPerSocket = sizeof(sigevent) + 2 * sys::kCookieBytes;
constexpr uint64_t kOtherOps = 16;
constexpr uint64_t kOtherBytes = 1024;  // signal structures, times, the script itself

uint64_t room_of(uint64_t message_size) {
    return (message_size + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t) +
           sizeof(uint64_t);
}

MqueueAnswer::Message take_message(parasite::ScriptBuilder& script, Ref fd, uint64_t size,
                                   uint64_t at_once) {
    MqueueAnswer::Message message;
    message.text = script.arena().take(size, sizeof(uint64_t));
    message.priority = script.arena().take(sizeof(uint32_t), sizeof(uint64_t));
    message.received = script.call("take a message", SYS_mq_timedreceive,
                                   {fd, message.text, size, message.priority, at_once}, kGoOn);
    return message;
}

// What somebody else has taken meanwhile is not sent again.
void put_message(parasite::ScriptBuilder& script, Ref fd, MqueueAnswer::Message& message) {
    script.call("put a message back", parasite::kSkipOnError, {message.received, 2}, kGoOn);
    Ref priority = script.call("read its priority", parasite::kWord, {message.priority}, kGoOn);
    message.sent = script.call("put a message back", SYS_mq_timedsend,
                               {fd, message.text, message.received, priority, 0}, kGoOn);
}

// Into an empty queue, so that it notifies.
void send_and_take_nothing(parasite::ScriptBuilder& script, Ref fd, uint64_t size,
                           uint64_t at_once) {
    uint64_t text = script.arena().take(size, sizeof(uint64_t));
    Ref sent =
        script.call("cause its notification", SYS_mq_timedsend, {fd, text, 0, 0, at_once}, kGoOn);
    script.call("cause its notification", parasite::kSkipOnError, {sent, 1}, kGoOn);
    script.call("take the message back", SYS_mq_timedreceive, {fd, text, size, 0, at_once}, kGoOn);
}

// Of all sockets that may be the one: it alone gets something. The others are empty.
void take_cookie(parasite::ScriptBuilder& script, const MqueueQuestion& question,
                 MqueueAnswer& answer) {
    script.call("take its registration back", SYS_mq_notify, {question.own_fd, 0}, kGoOn);
    for (int fd : question.sockets) {
        MqueueAnswer::Socket& socket = answer.sockets.emplace_back();
        socket.fd = fd;
        socket.cookie = script.arena().take(sys::kCookieBytes, sizeof(uint64_t));
        socket.received =
            script.call("take its cookie", SYS_recvfrom,
                        {fd, socket.cookie, sys::kCookieBytes, MSG_DONTWAIT, 0, 0}, kGoOn);
    }
}

void register_cookie(parasite::ScriptBuilder& script, const MqueueQuestion& question,
                     MqueueAnswer& answer) {
    for (MqueueAnswer::Socket& socket : answer.sockets) {
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD;
        event.sigev_signo = socket.fd;
        event.sigev_value.sival_ptr = reinterpret_cast<void*>(socket.cookie);
        script.call("register for its notification", parasite::kSkipOnError, {socket.received, 1},
                    kGoOn);
        socket.registered = script.call("register for its notification", SYS_mq_notify,
                                        {question.own_fd, script.arena().put(event)}, kGoOn);
    }
}

// The cookie that has come, and the socket that it came by.
void record_cookie(const MqueueAnswer& answer, parasite::ScriptBuilder& script,
                   image::PosixMqueue::Notify& notify) {
    for (const MqueueAnswer::Socket& socket : answer.sockets) {
        if (script.result(socket.received).result < 0)
            continue;
        if (int64_t result = script.result(socket.registered).result; result < 0)
            fail_errno(static_cast<int>(-result), "cannot register for its notification again");
        notify.set_cookie(script.arena().host<char>(socket.cookie), sys::kCookieBytes);
        notify.set_socket(static_cast<uint32_t>(socket.fd));
        return;
    }
    fail(Errc::system, "its notification by a thread was sent to nobody");
}

}  // namespace

uint64_t mqueue_bytes(const MqueueQuestion& question) {
    return (question.messages * kOpsPerMessage + kOtherOps) * sizeof(parasite::Op) +
           question.sockets.size() * (kOpsPerSocket * sizeof(parasite::Op) + kBytesPerSocket) +
           (question.messages + 1) * room_of(question.message_size) + kOtherBytes;
}

MqueueAnswer emit_mqueue_questions(const MqueueQuestion& question, Ref fd,
                                   parasite::ScriptBuilder& script) {
    MqueueAnswer answer;
    parasite::Arena& arena = script.arena();
    uint64_t at_once = arena.put(timespec{});
    if (question.how == SIGEV_THREAD)
        take_cookie(script, question, answer);
    for (uint64_t i = 0; i < question.messages; i++)
        answer.messages.push_back(take_message(script, fd, question.message_size, at_once));
    for (MqueueAnswer::Message& message : answer.messages)
        put_message(script, fd, message);
    if (question.own_fd < 0 || question.how == SIGEV_THREAD) {
        script.call("close it", SYS_close, {fd}, kGoOn);
        register_cookie(script, question, answer);
        return answer;
    }
    sigevent event{};
    event.sigev_notify = question.how;
    uint64_t event_at = arena.put(event);
    if (question.messages == 0)
        send_and_take_nothing(script, fd, question.message_size, at_once);
    if (question.how == SIGEV_SIGNAL && question.signal != 0) {
        uint64_t signals = arena.put(uint64_t{1} << (question.signal - 1));
        answer.siginfo = arena.take(sizeof(siginfo_t));
        script.call("take its signal", SYS_rt_sigtimedwait,
                    {signals, answer.siginfo, at_once, kSetBytes}, kGoOn);
        // Where no signal has come, no signal is what it is registered for.
        script.call("copy the value", parasite::kCopy,
                    {event_at + offsetof(sigevent, sigev_value),
                     answer.siginfo + offsetof(siginfo_t, si_value), sizeof(sigval)},
                    kGoOn);
        script.call("copy the signal", parasite::kCopy,
                    {event_at + offsetof(sigevent, sigev_signo),
                     answer.siginfo + offsetof(siginfo_t, si_signo), sizeof(int)},
                    kGoOn);
    }
    script.call("close it", SYS_close, {fd}, kGoOn);
    answer.registered = script.call("register for its notification", SYS_mq_notify,
                                    {question.own_fd, event_at}, kGoOn);
    return answer;
}

void record_mqueue_answers(const MqueueAnswer& answer, parasite::ScriptBuilder& script,
                           image::PosixMqueue& record) {
    const parasite::Arena& arena = script.arena();
    for (const MqueueAnswer::Message& message : answer.messages) {
        int64_t size = script.result(message.received).result;
        if (size < 0)
            continue;
        image::PosixMqueue::Message& out = *record.add_messages();
        out.set_priority(*arena.host<uint32_t>(message.priority));
        out.set_text(arena.host<char>(message.text), static_cast<size_t>(size));
        if (int64_t sent = script.result(message.sent).result; sent < 0)
            fail_errno(static_cast<int>(-sent), "cannot put message {} back",
                       record.messages_size());
    }
    if (!record.has_notify())
        return;
    if (record.notify().how() == SIGEV_THREAD)
        return record_cookie(answer, script, *record.mutable_notify());
    if (int64_t result = script.result(answer.registered).result; result < 0)
        fail_errno(static_cast<int>(-result), "cannot register for its notification again");
    if (answer.siginfo == 0)
        return;
    const auto* info = arena.host<siginfo_t>(answer.siginfo);
    record.mutable_notify()->set_signal(static_cast<uint32_t>(info->si_signo));
    record.mutable_notify()->set_value(reinterpret_cast<uint64_t>(info->si_value.sival_ptr));
}

}  // namespace crtool::dump
