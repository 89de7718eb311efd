// Pipes of the tree while descriptors are collected: which open files are their ends.
//
// What is in a pipe, and whether somebody outside of the tree has an end of it, can be told only
// when all descriptors are known: save() does that.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dump/problems.h"
#include "proto/pipe.pb.h"
#include "sys/fd.h"
#include "sys/pipe_calls.h"

namespace crtool::dump {

class PipeSet {
  public:
    struct End {
        pid_t task = 0;
        int fd = -1;
        bool reads = false;
        bool writes = false;
        bool packets = false;  // a write end with O_DIRECT
    };

    // The Pipe.id of inode `st`, of which `end` is a new open file. `path`: the name of a FIFO.
    uint32_t add_end(const struct stat& st, std::string path, const End& end);

    // Reads what is in each pipe. Pipes whose other end is outside of the tree become problems.
    void read_all(Problems& problems);

    const std::vector<image::Pipe>& pipes() const { return records_; }

  private:
    struct Entry {
        std::string name;  // as links show it
        std::string path;

        struct stat st {};

        End reader;  // the first of its kind; fd −1: none
        End writer;
        bool packets = false;
    };

    static std::string name_of(const Entry& entry, const End& end);
    void read_one(const Entry& entry, image::Pipe& record, Problems& problems);
    // False: the pipe is a problem.
    bool check_ends(const Entry& entry, const End& end, int fd, image::Pipe& record,
                    Problems& problems);
    void read_data(int fd, const Entry& entry, image::Pipe& record, Problems& problems);
    bool is_stream(int fd, uint32_t bytes);
    void fit_scratch(uint32_t size);

    std::map<std::pair<dev_t, ino_t>, uint32_t> ids_;
    std::vector<Entry> entries_;
    std::vector<image::Pipe> records_;
    sys::PipeEnds scratch_;
    std::vector<char> buffer_;  // as large as the scratch pipe
};

}  // namespace crtool::dump
