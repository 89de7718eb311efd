// Rounds of parallel work whose results are known: a reduction, a task tree, and ordered output.
#include <omp.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>

namespace {

uint64_t fibonacci(int n) {
    if (n < 2) {
        return static_cast<uint64_t>(n);
    }
    uint64_t a = 0;
    uint64_t b = 0;
#pragma omp task shared(a) if (n > 16)
    a = fibonacci(n - 1);
    b = fibonacci(n - 2);
#pragma omp taskwait
    return a + b;
}

bool round_is_right(uint64_t size) {
    uint64_t sum = 0;
    uint64_t last = 0;
    uint64_t tree = 0;
    bool in_order = true;
#pragma omp parallel num_threads(4)
    {
#pragma omp for reduction(+ : sum) schedule(dynamic, 1000)
        for (uint64_t i = 0; i < size; i++) {
            sum += i * i;
        }
#pragma omp for ordered
        for (uint64_t i = 0; i < 200; i++) {
#pragma omp ordered
            {
                in_order = in_order && last == i;
                last++;
            }
        }
#pragma omp single
        tree = fibonacci(22);
    }
    return in_order && tree == 17711 && sum == (size - 1) * size * (2 * size - 1) / 6;
}

}  // namespace

int main() {
    std::ofstream progress("progress");
    bool right = true;
    while (access("stop", F_OK) != 0 && right) {
        right = round_is_right(1'000'000);
        progress << 'x' << std::flush;
    }
    std::ofstream("result") << (right ? "right" : "wrong");
}
