// What the tests of FIFOs share: a task that reads one to its end, and what one read finds.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

#include "family.h"

namespace zdtm {

// One read finds this; nothing means the end.
inline void expect_read(int fd, const std::string& wanted) {
    char buffer[64];
    const auto got = static_cast<size_t>(CHECK_SYS(read(fd, buffer, sizeof(buffer))));
    CHECK_EQ(std::string(buffer, got), wanted);
}

// A child that has the FIFO open, and reads it when the gate opens.
inline pid_t fork_reader(Gate* gate, const char* name, const std::string& unread) {
    return fork_child([&] {
        const int reader = CHECK_SYS(open(name, O_RDONLY));
        gate->wait();
        expect_read(reader, unread);
        expect_read(reader, "");
    });
}

}  // namespace zdtm
