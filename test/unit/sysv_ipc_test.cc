// System V semaphores and queues: what validate() refuses, and the calls that find an adjustment.
#include <sys/sem.h>

#include <catch2/catch.hpp>

#include "dump/sem_undo.h"
#include "image_refusals.h"

using namespace crtool;
using namespace crtool::image;
using namespace crtool::image::sample;

namespace {

Image with_set() {
    Image image = make_whole_image();
    SysvSem& set = image.semaphores.emplace_back();
    set.mutable_object()->set_id(7);
    set.mutable_object()->set_mode(0600);
    for (uint32_t value : {1, 0}) {
        set.add_values(value);
        set.add_last_pids(100);
    }
    SemUndo& undo = *set.add_undos();
    undo.set_pid(100);
    undo.set_adjustment(1);
    SysvMsg& queue = image.queues.emplace_back();
    queue.mutable_object()->set_id(7);
    queue.set_max_bytes(16384);
    queue.add_messages()->set_type(1);
    IpcNamespace::Setting& setting = *image.ipc_namespaces.emplace_back().add_settings();
    setting.set_name("kernel/shmmax");
    setting.add_values(UINT64_MAX);
    return image;
}

IpcNamespace::Setting& setting_of(Image& image) {
    return *image.ipc_namespaces[0].mutable_settings(0);
}

void check_refused(const char* why, void (*change)(Image&)) {
    Image image = with_set();
    change(image);
    CHECK_THROWS_WITH(validate(image), Catch::Contains(why));
}

// As semop(2) does it: whether an adjustment leaves its range.
bool out_of_range(const std::vector<sembuf>& operations, int value, int adjustment) {
    for (const sembuf& operation : operations) {
        value += operation.sem_op;
        REQUIRE(value >= 0);
        REQUIRE(value <= 32767);
        if ((operation.sem_flg & SEM_UNDO) == 0)
            continue;
        adjustment -= operation.sem_op;
        if (adjustment < -32768 || adjustment > 32767)
            return true;
    }
    return false;
}

}  // namespace

TEST_CASE("validate: semaphore sets and message queues") {
    CHECK_NOTHROW(validate(with_set()));
    check_refused("has 2 values, and 1 pids",
                  [](Image& i) { i.semaphores[0].mutable_last_pids()->RemoveLast(); });
    check_refused("a value is 32768", [](Image& i) { i.semaphores[0].set_values(1, 32768); });
    check_refused("its mode 01000",
                  [](Image& i) { i.semaphores[0].mutable_object()->set_mode(01000); });
    check_refused("another one has its id",
                  [](Image& i) { i.semaphores.push_back(i.semaphores[0]); });
    check_refused("an owner of it",
                  [](Image& i) { i.queues[0].mutable_object()->set_uid(UINT32_MAX); });
    check_refused("not in the image",
                  [](Image& i) { i.semaphores[0].mutable_undos(0)->set_pid(9999); });
    check_refused("no semaphore 2",
                  [](Image& i) { i.semaphores[0].mutable_undos(0)->set_number(2); });
    check_refused("undone by 0",
                  [](Image& i) { i.semaphores[0].mutable_undos(0)->set_adjustment(0); });
    check_refused("is no pid", [](Image& i) { i.queues[0].set_last_sender(1 << 22); });
    check_refused("of type 0", [](Image& i) { i.queues[0].mutable_messages(0)->set_type(0); });
    check_refused("room for", [](Image& i) { i.queues[0].set_max_bytes(1ULL << 31); });
}

TEST_CASE("validate: IPC namespaces") {
    check_refused("has 2 IPC namespaces",
                  [](Image& i) { i.ipc_namespaces.push_back(i.ipc_namespaces[0]); });
    check_refused("is unknown", [](Image& i) { setting_of(i).set_name("kernel/core_pattern"); });
    check_refused("or there twice",
                  [](Image& i) { *i.ipc_namespaces[0].add_settings() = setting_of(i); });
    check_refused("shmmax has 2 values", [](Image& i) { setting_of(i).add_values(1); });
}

TEST_CASE("validate: files of namespaces") {
    auto rename = [](const char* name) {
        Image image = make_whole_image();
        OpenFile& file = image.files.emplace_back();
        file.set_id(static_cast<uint32_t>(image.files.size()));
        file.mutable_namespace_file()->set_name(name);
        validate(image);
    };
    CHECK_NOTHROW(rename("uts"));
    for (const char* name : {"", "pid_for_children", "../mem"})
        CHECK_THROWS_WITH(rename(name), Catch::Contains("its namespace is none"));
}

TEST_CASE("sem_undo: a test tells a greater adjustment, whatever the value is") {
    for (int value : {0, 5, 16383, 16384, 32767}) {
        sys::SemSet set;
        set.values = {static_cast<uint16_t>(value)};
        for (int adjustment : {-32768, -300, -1, 0, 1, 2, 300, 32767}) {
            for (int from : {0, 1, 2, 299, 300, 32766}) {
                std::vector<sembuf> up;
                std::vector<sembuf> down;
                dump::add_undo_test(set, 0, from, false, up);
                dump::add_undo_test(set, 0, -from, true, down);
                if (adjustment >= 0)
                    CHECK(out_of_range(up, value, adjustment) == (adjustment > from));
                if (adjustment <= 0)
                    CHECK(out_of_range(down, value, adjustment) == (adjustment < -from));
            }
        }
    }
}
