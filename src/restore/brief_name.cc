// See brief_name.h.
#include "restore/brief_name.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/file_make.h"

namespace crtool::restore {

BriefName::BriefName(const std::string& old_path,
                     const std::function<bool(const std::string&)>& make,
                     void (*remove)(const std::string&))
    : path_(place_for_name(old_path)), remove_(remove) {
    const std::string place = path_;
    for (int i = 0; !make(path_); i++)
        path_ = fmt::format("{}.crtool-{}-{}", place, ::getpid(), i);
}

BriefName::~BriefName() {
    try {
        if (stands_)
            remove_(path_);
    } catch (const Error& error) {
        log::warn("{}", error.what());
    }
}

void BriefName::take_away() {
    fault::point("take a name away");
    remove_(path_);
    stands_ = false;
}

std::string place_for_name(const std::string& path) {
    size_t slash = path.rfind('/');
    size_t end = slash;
    while (end > 0 && !sys::is_writable_directory(path.substr(0, end)))
        end = path.rfind('/', end - 1);
    return path.substr(0, end) + path.substr(slash);
}

}  // namespace crtool::restore
