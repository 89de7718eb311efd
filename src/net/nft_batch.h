// The words of nf_tables (linux/netfilter/nf_tables.h) that a lock of connections needs, put
// together as one transaction: the kernel does all of it or nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crtool::net {

class NftBatch {
  public:
    explicit NftBatch(std::string table);

    // NFT_TABLE_F_OWNER: it goes with the socket that sends this.
    void add_table(bool owned);
    void delete_table();
    void add_set(const std::string& name, uint32_t id, uint32_t key_bytes);
    void add_elements(const std::string& set, uint32_t id, const std::vector<std::string>& keys);
    void add_chain(const std::string& name, uint32_t hook);
    // Drops TCP packets whose addresses and ports are in the set, except for those with `mark`.
    void add_drop_rule(const std::string& chain, const std::string& set, uint32_t id, bool is_v6,
                       uint32_t mark);

    // The messages, ready to be sent; the last one asks for an answer.
    std::string finish();

  private:
    size_t begin(uint16_t type, uint16_t flags);
    void end(size_t at);
    void put(uint16_t type, std::string_view value);

    void put_text(uint16_t type, const std::string& text) {
        put(type, {text.c_str(), text.size() + 1});
    }

    void put_u32(uint16_t type, uint32_t value);  // as big endian
    size_t open(uint16_t type);
    void close(size_t at);
    void expression(const char* name, const std::vector<std::pair<uint16_t, uint32_t>>& words);
    void compare(uint32_t reg, uint32_t operation, std::string_view value);
    void drop();

    std::string table_;
    std::string bytes_;
    size_t last_ = 0;  // where the last message begins
    uint32_t sequence_ = 0;
};

}  // namespace crtool::net
