// System V semaphores, queues and shared memory for tests: short calls that check, and how a test
// says what of its own shall be gone when the tree is restored.
#pragma once

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include <fstream>
#include <initializer_list>
#include <string>

#include "zdtm.h"

namespace zdtm {

inline key_t test_key(int number) {
    return 0x63730000 + getpid() * 16 + number;
}

inline void sem_do(int set, std::initializer_list<sembuf> operations) {
    CHECK_SYS(semop(set, const_cast<sembuf*>(operations.begin()), operations.size()));
}

inline sembuf sem_op(int number, int amount, int flags = 0) {
    return {static_cast<unsigned short>(number), static_cast<short>(amount),
            static_cast<short>(flags)};
}

inline int sem_value(int set, int number) {
    return CHECK_SYS(semctl(set, number, GETVAL));
}

inline int sem_pid(int set, int number) {
    return CHECK_SYS(semctl(set, number, GETPID));
}

inline semid_ds sem_info(int set) {
    semid_ds info{};
    CHECK_SYS(semctl(set, 0, IPC_STAT, &info));
    return info;
}

inline msqid_ds queue_info(int queue) {
    msqid_ds info{};
    CHECK_SYS(msgctl(queue, IPC_STAT, &info));
    return info;
}

inline shmid_ds segment_info(int segment) {
    shmid_ds info{};
    CHECK_SYS(shmctl(segment, IPC_STAT, &info));
    return info;
}

inline char* attach(int segment, int flags = 0) {
    void* address = shmat(segment, nullptr, flags);
    CHECK(address != reinterpret_cast<void*>(-1));
    return static_cast<char*>(address);
}

struct Letter {
    long type;
    char text[1000];
};

inline void send(int queue, long type, const std::string& text, int flags = 0) {
    Letter letter{type, {}};
    text.copy(letter.text, sizeof(letter.text));
    CHECK_SYS(msgsnd(queue, &letter, text.size(), flags));
}

inline std::string receive(int queue, long type = 0, int flags = 0) {
    Letter letter{};
    const ssize_t size = CHECK_SYS(msgrcv(queue, &letter, sizeof(letter.text), type, flags));
    return std::to_string(letter.type) + ":" + std::string(letter.text, static_cast<size_t>(size));
}

// For a TOML with after_dump = ["sh", "forget"]: it goes after every dump, as if the machine had
// been started anew. `option` is ipcrm(1)'s.
inline void forget(const char* option, int id) {
    std::ofstream(path("forget"), std::ios::app)
        << "ipcrm " << option << " " << id << " 2>/dev/null; true\n";
}

}  // namespace zdtm
