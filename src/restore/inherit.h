// Descriptors that whoever started the restore gives to the tree: --inherit-fd. See
// proto/external.proto.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "restore/options.h"

namespace crtool::restore {

class Inherited {
  public:
    // Finds what each descriptor stands for. Open files that are replaced become External records
    // of `image`; pipes and terminals that nobody has any more are taken out of it. Throws Errors
    // that name the object: a key without a descriptor, a descriptor that nothing in the image is
    // named by or that cannot be read or written as needed, an end of a pair that would be left.
    Inherited(image::Image& image, const std::vector<InheritedFd>& given);
    // Flags that were set on what was given are taken back, unless keep() was called.
    ~Inherited();
    Inherited(const Inherited&) = delete;
    Inherited& operator=(const Inherited&) = delete;

    // OpenFile.id, and Tty.id of controlling terminals → the number that crtool itself has.
    const std::unordered_map<uint32_t, int>& files() const { return files_; }

    const std::unordered_map<uint32_t, int>& terminals() const { return terminals_; }

    // Status flags as the programs have set them.
    void set_flags(const image::Image& image);

    void keep() { before_.clear(); }

  private:
    void find_files(const image::Image& image, const std::vector<InheritedFd>& given);
    void check_rest(const image::Image& image) const;
    void replace(image::Image& image);
    void find_terminals(const image::Image& image);

    std::unordered_map<uint32_t, int> files_;
    std::unordered_map<uint32_t, int> terminals_;
    std::unordered_map<int, unsigned> before_;  // status flags, by descriptor
};

}  // namespace crtool::restore
