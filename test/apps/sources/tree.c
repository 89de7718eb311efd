// tree LEVELS BRANCHES MS: every process counts up in its place of a shared page, once in MS
// milliseconds, sees that it is still the one it was, and passes on its children's end. The root
// shows progress when all of them have counted on.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kMost = 2000 };

struct shared {
    atomic_int stopped;
    atomic_int size;
    atomic_long counts[kMost];
};

static struct shared* shared;
static int levels, branches;
static struct timespec pause_time;

struct identity {
    pid_t pid, parent, group, session;
};

static struct identity who(void) {
    return (struct identity){getpid(), getppid(), getpgrp(), getsid(0)};
}

static int is_same(struct identity a, int depth) {
    const struct identity b = who();
    return a.pid == b.pid && (depth == 0 || a.parent == b.parent) && a.group == b.group &&
           a.session == b.session;
}

static void show_progress(FILE* progress, long* seen) {
    const int size = atomic_load(&shared->size);
    for (int i = 0; i < size; i++) {
        if (atomic_load(&shared->counts[i]) <= *seen) {
            return;
        }
    }
    ++*seen;
    fputc('x', progress);
    fflush(progress);
}

static void count(int place, int depth) {
    const struct identity before = who();
    FILE* progress = depth == 0 ? fopen("progress", "a") : NULL;
    long seen = 0;
    while (!atomic_load(&shared->stopped)) {
        atomic_fetch_add(&shared->counts[place], 1);
        nanosleep(&pause_time, NULL);
        if (!is_same(before, depth)) {
            _exit(1);
        }
        if (depth == 0) {
            show_progress(progress, &seen);
            atomic_store(&shared->stopped, access("stop", F_OK) == 0);
        }
    }
}

static int grow(int depth, int number) {
    if (number == 0 && depth % 2 == 1) {
        setsid();
    } else if (depth > 0 && number < 2) {
        setpgid(0, 0);
    }
    pid_t children[64];
    for (int i = 0; depth < levels && i < branches; i++) {
        children[i] = fork();
        if (children[i] == -1) {
            _exit(2);
        }
        if (children[i] == 0) {
            _exit(grow(depth + 1, i));
        }
    }
    count(atomic_fetch_add(&shared->size, 1), depth);
    int failed = 0;
    for (int i = 0; depth < levels && i < branches; i++) {
        int status = 0;
        if (waitpid(children[i], &status, 0) != children[i] || status != 0) {
            failed = 1;
        }
    }
    return failed;
}

int main(int argc, char** argv) {
    if (argc != 4) {
        return 2;
    }
    levels = atoi(argv[1]);
    branches = atoi(argv[2]);
    pause_time.tv_nsec = atol(argv[3]) * 1000000;
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        return 2;
    }
    const int failed = grow(0, 1);
    FILE* result = fopen("result", "w");
    fputs(failed ? "a process was lost or changed" : "right", result);
    return fclose(result) != 0 || failed;
}
