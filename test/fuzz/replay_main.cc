// Runs a fuzz target without libFuzzer: replay FILE... [-n MUTATIONS].
//
// Every file as it is, then MUTATIONS changes of each (bits flipped, bytes set, parts cut out or
// doubled) from a fixed seed, so that each compiler's build of the tests meets the same inputs.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

void mutate(std::string& input, std::mt19937& random) {
    if (input.size() < 2)
        return;
    size_t at = 1 + random() % (input.size() - 1);
    size_t length = std::min<size_t>(input.size() - at, 1 + random() % 16);
    switch (random() % 4) {
        case 0:
            input[at] = static_cast<char>(input[at] ^ (1 << random() % 8));
            break;
        case 1:
            input[at] = static_cast<char>(random() % 2 == 0 ? 0xff : random());
            break;
        case 2:
            input.erase(at, length);
            break;
        default:
            input.insert(at, input.substr(at, length));
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> seeds;
    unsigned long mutations = 0;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "-n") == 0 && i + 1 < argc) {
            mutations = std::strtoul(argv[++i], nullptr, 10);
            continue;
        }
        std::ostringstream text;
        text << std::ifstream(argv[i], std::ios::binary).rdbuf();
        seeds.push_back(text.str());
    }
    std::mt19937 random(1);
    unsigned long runs = 0;
    for (const std::string& seed : seeds) {
        run(seed);
        for (unsigned long i = 0; i < mutations; ++i, ++runs) {
            std::string input = seed;
            for (size_t n = 1 + random() % 4; n > 0; --n)
                mutate(input, random);
            run(input);
        }
    }
    std::cout << runs + seeds.size() << " inputs\n";
    return seeds.empty() ? 1 : 0;
}
