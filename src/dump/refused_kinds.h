// Why an open file that is of no kind crtool carries cannot be carried.
#pragma once

#include <sys/types.h>

#include <string_view>

namespace crtool::dump {

struct Refusal {
    std::string_view reason;  // completes "is …"
    std::string_view way_out;
};

// By link text and st_mode; always has an answer.
Refusal refusal_of(std::string_view link, mode_t mode);

}  // namespace crtool::dump
