// See pages_check.h.
#include "restore/pages_check.h"

#include "image/page_verify.h"

namespace crtool::restore {

PagesCheck::PagesCheck(int pages_fd, const image::Image& image)
    : thread_([this, pages_fd, &image] {
          try {
              image::verify_pages(pages_fd, image.pieces, 1, &cancelled_);
          } catch (...) {
              error_ = std::current_exception();
          }
      }) {}

PagesCheck::~PagesCheck() {
    cancelled_ = true;
    if (thread_.joinable())
        thread_.join();
}

void PagesCheck::finish() {
    thread_.join();
    if (error_)
        std::rethrow_exception(error_);
}

}  // namespace crtool::restore
