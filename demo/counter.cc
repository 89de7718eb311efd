// The smallest program worth saving: it counts, and all that it knows is in its memory.
#include <unistd.h>

#include <cstdio>

int main() {
    for (long count = 1;; count++) {
        std::printf("process %d counts %ld\n", getpid(), count);
        std::fflush(stdout);
        usleep(200'000);
    }
}
