// Writes an image directory: all of it, or nothing.
//
// Files grow under temporary names (`tasks.img.tmp`) and get their real ones in commit(), the
// inventory last: a directory with an inventory holds a complete image. A run that dies leaves at
// most temporaries, which the next Writer removes; a lock on the directory (flock(2)) keeps two
// runs from working in it at once.
//
// A full disk, a read-only or a size-limited directory is an Error with the path in it. For the
// last (RLIMIT_FSIZE) the process must ignore SIGXFSZ, whose default kills; main does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "image/digest.h"
#include "image/format.h"
#include "proto/inventory.pb.h"
#include "proto/memory.pb.h"
#include "proto/open_file.pb.h"
#include "proto/task.pb.h"
#include "proto/thread.pb.h"
#include "sys/fd.h"

namespace crtool::image {

enum class Overwrite : uint8_t { no, yes };

// `full` asks the kernel to put every file and the directory on disk before the image counts.
enum class Durability : uint8_t { page_cache, full };

// Not for two threads at once, but for pages_fd(), which anybody may write to.
class Writer {
  public:
    // Opens `dir`, which must exist, and creates the temporaries (mode 0600, O_EXCL). Throws usage
    // when the directory holds an image and it is not to be overwritten, or another run is at work
    // in it. An old image stays whole until commit().
    Writer(const std::string& dir, Overwrite overwrite);

    // Without commit() removes every temporary.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Serialises at once; one write(2) per MiB.
    void add(const Task& task);
    void add(const SeccompFilter& filter);
    void add(const FileRecord& record);
    void add(const PageIndex& index);
    void add(const Content& content);
    void add(const Pieces& pieces);

    // pages.img under its temporary name, O_RDWR; stays the Writer's.
    int pages_fd() const { return pages_.get(); }

    // The directory, for log lines and the like; stays the Writer's.
    int dir_fd() const { return dir_.get(); }

    // Fills format, image id and file digests of `inventory`, writes it, and gives every file its
    // name. Exactly one Pieces must have been added. With an old image in the directory: its
    // inventory goes first, so at no moment do files of two images look like one. When this throws
    // there is no image in the directory, except that an old one is untouched if writing failed
    // before.
    void commit(Inventory& inventory, Durability durability = Durability::page_cache);

    // Takes a committed image back: the directory has none then.
    void withdraw() noexcept;

    // Bytes that the image has so far, pages not counted.
    uint64_t record_bytes() const;

  private:
    struct Output {
        sys::UniqueFd fd;
        Digest digest;
        std::string buffer;
        uint64_t size = 0;  // with the buffer
    };

    void create_outputs();
    void clean_up() noexcept;
    template <typename Message>
    void add_record(RecordFile file, RecordTag tag, const Message& message);
    void flush(RecordFile file);
    void fill_inventory(Inventory& inventory);
    void write_inventory(const Inventory& inventory, Durability durability);
    void give_name(const char* name);

    std::string path_;
    sys::UniqueFd dir_;
    std::array<uint8_t, kImageIdBytes> image_id_{};
    std::array<Output, kRecordFiles> outputs_;
    sys::UniqueFd pages_;
    std::vector<std::string> named_;  // files that have their final names already
    bool has_pieces_ = false;
    bool committed_ = false;
};

}  // namespace crtool::image
