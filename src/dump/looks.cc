// See looks.h.
#include "dump/looks.h"

#include <utility>

#include "dump/kind.h"
#include "sys/apart.h"
#include "sys/fd.h"

namespace crtool::dump {

void Looks::add(const FdProbe& probe, uint32_t id, Look look) {
    Waiting& waiting = waiting_.emplace_back(probe, sys::duplicate(probe.fd), id, std::move(look));
    waiting.probe.fd = waiting.fd.get();
    waiting.probe.info.lines.clear();
}

void Looks::run(const FileVisit& visit, std::vector<image::OpenFile>& files) {
    if (waiting_.empty())
        return;
    sys::Apart::run([&](const sys::Apart& apart) {
        for (const Waiting& waiting : waiting_) {
            if (apart.is_alone())
                return;
            waiting.look(visit, waiting.probe, files[waiting.id - 1]);
        }
    });
    waiting_.clear();
}

}  // namespace crtool::dump
