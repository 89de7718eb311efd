// Futexes in memory that is shared with other tasks, as the host uses them.
#pragma once

#include <chrono>
#include <cstdint>

namespace crtool::parasite {

// Waits until *word is no longer `value`; false when `patience` passed or a signal came before.
bool wait_futex(uint32_t* word, uint32_t value, std::chrono::milliseconds patience);
// Wakes everybody who waits for the word.
void wake_futex(uint32_t* word);

}  // namespace crtool::parasite
