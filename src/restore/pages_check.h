// Checks pages.img against its digests beside the rest of the restore, on a thread of its own.
#pragma once

#include <atomic>
#include <exception>
#include <thread>

#include "image/image.h"

namespace crtool::restore {

class PagesCheck {
  public:
    // Both arguments must outlive the object.
    PagesCheck(int pages_fd, const image::Image& image);
    // Stops the check without a verdict.
    ~PagesCheck();
    PagesCheck(const PagesCheck&) = delete;
    PagesCheck& operator=(const PagesCheck&) = delete;

    // Waits for the verdict: throws bad_image when a page is damaged.
    void finish();

  private:
    std::atomic<bool> cancelled_{false};
    std::exception_ptr error_;
    std::thread thread_;
};

}  // namespace crtool::restore
