// Opens an image directory and vouches for every byte of it but the pages.
//
// The constructor reads inventory, tasks, files and memory whole, and checks magic, format version,
// image id, sizes and digests; from then on nothing that happens to the files matters. Every
// refusal is a bad_image Error of one line: which file, what is wrong, what to do. What the records
// say is another matter: validate() (validate.h), check_machine() (compat.h), verify_pages()
// (page_verify.h).
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "image/format.h"
#include "image/image.h"
#include "sys/fd.h"

namespace crtool::image {

class Reader {
  public:
    explicit Reader(const std::string& dir);

    const Inventory& inventory() const { return inventory_; }

    // Parses all records. Throws bad_image for a record that cannot be read. May be called once per
    // copy that is needed; the text of the files is kept.
    Image load() const;

    // pages.img, read-only; stays the Reader's.
    int pages_fd() const { return pages_.get(); }

    // Its size, in pages.
    uint64_t pages() const { return page_count_; }

    int dir_fd() const { return dir_.get(); }

  private:
    // Throws bad_image: which file, what is wrong, what to do.
    [[noreturn]] void refuse(const char* file, const std::string& why) const;
    sys::UniqueFd open_file(const char* name, const char* when_missing) const;
    void read_inventory();
    void read_record_file(RecordFile file, const FileDigest& want);
    void open_pages(const FileDigest& want);

    std::string path_;
    sys::UniqueFd dir_;
    Inventory inventory_;
    std::array<std::string, kRecordFiles> texts_;
    sys::UniqueFd pages_;
    uint64_t page_count_ = 0;
};

}  // namespace crtool::image
