// See page_verify.h.
//
// The pages are read with pread(2) into a buffer that stays in the CPU cache: a mapping would have
// to build page tables first, and a file that somebody truncates meanwhile would be a SIGBUS
// instead of an error.
#include "image/page_verify.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <limits>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/error.h"
#include "image/digest.h"
#include "image/format.h"
#include "sys/file_io.h"

namespace crtool::image {
namespace {

constexpr uint64_t kStep = 1'048'576;

struct Piece {
    uint64_t offset;
    uint64_t length;
    uint64_t xxh3;
};

std::vector<Piece> flatten(const Pieces& pieces) {
    std::vector<Piece> flat;
    for (const Pieces::Stretch& stretch : pieces.stretches()) {
        uint64_t at = stretch.page_index() * kPageSize;
        uint64_t end = at + stretch.pages() * kPageSize;
        for (uint64_t xxh3 : stretch.xxh3()) {
            uint64_t length = std::min(pieces.piece_bytes(), end - at);
            flat.push_back({at, length, xxh3});
            at += length;
        }
    }
    return flat;
}

// Indices of the first piece of each batch: neighbours of at most kStep together.
std::vector<size_t> cut(const std::vector<Piece>& pieces) {
    std::vector<size_t> starts;
    uint64_t bytes = 0;
    for (size_t i = 0; i < pieces.size(); ++i) {
        if (i == 0 || bytes + pieces[i].length > kStep) {
            starts.push_back(i);
            bytes = 0;
        }
        bytes += pieces[i].length;
    }
    starts.push_back(pieces.size());
    return starts;
}

class Check {
  public:
    Check(int fd, const Pieces& pieces, const std::atomic<bool>* cancelled)
        : fd_(fd), pieces_(flatten(pieces)), batches_(cut(pieces_)), cancelled_(cancelled) {}

    // Takes batches until there are none, or one was bad.
    void work() noexcept {
        try {
            std::vector<std::byte> buffer;
            while (!stop_ && (cancelled_ == nullptr || !*cancelled_)) {
                size_t batch = next_.fetch_add(1);
                if (batch + 1 >= batches_.size())
                    return;
                check(std::span(pieces_).subspan(batches_[batch],
                                                 batches_[batch + 1] - batches_[batch]),
                      buffer);
            }
        } catch (...) {
            std::lock_guard lock(mutex_);
            if (!failure_)
                failure_ = std::current_exception();
            stop_ = true;
        }
    }

    void verdict() const {
        if (bad_ != nullptr)
            fail(Errc::bad_image,
                 "{} is damaged: the {} bytes at {:#x} are not those of the dump; use another copy "
                 "of the image",
                 kPagesName, bad_->length, bad_->offset);
        if (failure_)
            std::rethrow_exception(failure_);
    }

    size_t batches() const { return batches_.size() - 1; }

  private:
    void check(std::span<const Piece> batch, std::vector<std::byte>& buffer) {
        uint64_t offset = batch.front().offset;
        uint64_t length = batch.back().offset + batch.back().length - offset;
        if (buffer.size() < length)
            buffer.resize(length);
        size_t got = sys::read_at(fd_, std::span(buffer).first(length), offset);
        for (const Piece& piece : batch) {
            uint64_t at = piece.offset - offset;
            bool whole = at + piece.length <= got;
            if (whole && xxh3(std::span(buffer).subspan(at, piece.length)) == piece.xxh3)
                continue;
            std::lock_guard lock(mutex_);
            if (bad_ == nullptr || piece.offset < bad_->offset)
                bad_ = &piece;
            stop_ = true;
            return;
        }
    }

    int fd_;
    std::vector<Piece> pieces_;
    std::vector<size_t> batches_;
    const std::atomic<bool>* cancelled_;
    std::atomic<size_t> next_ = 0;
    std::atomic<bool> stop_ = false;
    std::mutex mutex_;
    const Piece* bad_ = nullptr;
    std::exception_ptr failure_;
};

}  // namespace

void verify_pages(int pages_fd, const Pieces& pieces, unsigned threads,
                  const std::atomic<bool>* cancelled) {
    Check check(pages_fd, pieces, cancelled);
    {
        std::vector<std::jthread> helpers;
        while (helpers.size() + 1 < std::min<size_t>(threads, check.batches()))
            helpers.emplace_back([&check] { check.work(); });
        check.work();
    }
    check.verdict();
}

}  // namespace crtool::image
