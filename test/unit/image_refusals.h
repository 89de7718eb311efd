// Cases of validate(): each changes one thing in the sample image and names words of the refusal.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "image_sample.h"

namespace crtool::image::sample {

struct Case {
    const char* refusal;
    std::function<void(Image&)> change;
};

inline void check_refusals(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        Image image = sample::make_whole_image();
        c.change(image);
        INFO(c.refusal);
        std::string what;
        try {
            validate(image);
        } catch (const Error& error) {
            CHECK(error.code() == Errc::bad_image);
            what = error.what();
        }
        CHECK_THAT(what, Catch::Contains(c.refusal));
    }
}

inline Task& root(Image& image) {
    return image.tasks[0];
}

inline Task& child(Image& image) {
    return image.tasks[1];
}

inline Task& zombie(Image& image) {
    return image.tasks[2];
}

inline Thread& leader(Image& image) {
    return *root(image).mutable_threads(0);
}

inline Area& area(Image& image, int i) {
    return *root(image).mutable_mm()->mutable_areas(i);
}

inline PageRun& run(Image& image, int i) {
    return *image.page_indexes[0].mutable_runs(i);
}

inline OpenFile& file(Image& image, uint32_t id) {
    return image.files[id - 1];
}

}  // namespace crtool::image::sample
