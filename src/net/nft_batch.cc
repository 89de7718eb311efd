// See nft_batch.h. Registers: NFT_REG32_00 … hold addresses and ports one after the other, as the
// keys of the sets have them: each padded to four bytes.
#include "net/nft_batch.h"

#include <arpa/inet.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace crtool::net {
namespace {

// Of linux/netfilter.h, which does not go together with libc's netinet/in.h.
constexpr uint8_t kProtoInet = 1;                            // NFPROTO_INET
constexpr char kProtoV4 = 2;                                 // NFPROTO_IPV4
constexpr char kProtoV6 = 10;                                // NFPROTO_IPV6
constexpr uint32_t kDrop = 0;                                // NF_DROP
constexpr uint32_t kPriority = static_cast<uint32_t>(-400);  // before connection tracking
constexpr size_t kElementsPerMessage = 500;                  // an attribute holds 64 KiB
constexpr uint32_t kFirst = NFT_REG32_00;

uint16_t message(uint16_t type) {
    return static_cast<uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type);
}

template <typename T>
std::string_view view(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

NftBatch::NftBatch(std::string table) : table_(std::move(table)) {
    end(begin(NFNL_MSG_BATCH_BEGIN, 0));
}

size_t NftBatch::begin(uint16_t type, uint16_t flags) {
    last_ = bytes_.size();
    nlmsghdr head{};
    head.nlmsg_type = type;
    head.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    head.nlmsg_seq = ++sequence_;
    nfgenmsg family{};
    bool is_mark = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;
    family.nfgen_family = is_mark ? AF_UNSPEC : kProtoInet;
    family.res_id = is_mark ? htons(NFNL_SUBSYS_NFTABLES) : 0;
    bytes_ += view(head);
    bytes_ += view(family);
    return last_;
}

void NftBatch::end(size_t at) {
    auto length = static_cast<uint32_t>(bytes_.size() - at);
    std::memcpy(&bytes_[at], &length, sizeof length);
}

void NftBatch::put(uint16_t type, std::string_view value) {
    size_t at = open(type);
    bytes_ += value;
    close(at);
}

void NftBatch::put_u32(uint16_t type, uint32_t value) {
    uint32_t big_endian = htonl(value);
    put(type, view(big_endian));
}

size_t NftBatch::open(uint16_t type) {
    size_t at = bytes_.size();
    nlattr head = {0, type};
    bytes_ += view(head);
    return at;
}

void NftBatch::close(size_t at) {
    auto length = static_cast<uint16_t>(bytes_.size() - at);
    std::memcpy(&bytes_[at], &length, sizeof length);
    bytes_.resize((bytes_.size() + 3) / 4 * 4);
}

void NftBatch::add_table(bool owned) {
    size_t at = begin(message(NFT_MSG_NEWTABLE), NLM_F_CREATE | NLM_F_EXCL);
    put_text(NFTA_TABLE_NAME, table_);
    put_u32(NFTA_TABLE_FLAGS, owned ? NFT_TABLE_F_OWNER : 0);
    end(at);
}

void NftBatch::delete_table() {
    size_t at = begin(message(NFT_MSG_DELTABLE), 0);
    put_text(NFTA_TABLE_NAME, table_);
    end(at);
}

void NftBatch::add_set(const std::string& name, uint32_t id, uint32_t key_bytes) {
    size_t at = begin(message(NFT_MSG_NEWSET), NLM_F_CREATE);
    put_text(NFTA_SET_TABLE, table_);
    put_text(NFTA_SET_NAME, name);
    put_u32(NFTA_SET_KEY_LEN, key_bytes);
    put_u32(NFTA_SET_ID, id);
    end(at);
}

void NftBatch::add_elements(const std::string& set, uint32_t id,
                            const std::vector<std::string>& keys) {
    for (size_t done = 0; done < keys.size(); done += kElementsPerMessage) {
        size_t at = begin(message(NFT_MSG_NEWSETELEM), NLM_F_CREATE);
        put_text(NFTA_SET_ELEM_LIST_TABLE, table_);
        put_text(NFTA_SET_ELEM_LIST_SET, set);
        put_u32(NFTA_SET_ELEM_LIST_SET_ID, id);
        size_t list = open(NLA_F_NESTED | NFTA_SET_ELEM_LIST_ELEMENTS);
        size_t stop = std::min(keys.size(), done + kElementsPerMessage);
        for (size_t i = done; i < stop; i++) {
            size_t element = open(NLA_F_NESTED | NFTA_LIST_ELEM);
            size_t key = open(NLA_F_NESTED | NFTA_SET_ELEM_KEY);
            put(NFTA_DATA_VALUE, keys[i]);
            close(key);
            close(element);
        }
        close(list);
        end(at);
    }
}

void NftBatch::add_chain(const std::string& name, uint32_t hook) {
    size_t at = begin(message(NFT_MSG_NEWCHAIN), NLM_F_CREATE);
    put_text(NFTA_CHAIN_TABLE, table_);
    put_text(NFTA_CHAIN_NAME, name);
    size_t nest = open(NLA_F_NESTED | NFTA_CHAIN_HOOK);
    put_u32(NFTA_HOOK_HOOKNUM, hook);
    put_u32(NFTA_HOOK_PRIORITY, kPriority);
    close(nest);
    put_text(NFTA_CHAIN_TYPE, "filter");
    end(at);
}

void NftBatch::expression(const char* name,
                          const std::vector<std::pair<uint16_t, uint32_t>>& words) {
    size_t element = open(NLA_F_NESTED | NFTA_LIST_ELEM);
    put_text(NFTA_EXPR_NAME, name);
    size_t data = open(NLA_F_NESTED | NFTA_EXPR_DATA);
    for (const auto& [type, value] : words)
        put_u32(type, value);
    close(data);
    close(element);
}

void NftBatch::compare(uint32_t reg, uint32_t operation, std::string_view value) {
    size_t element = open(NLA_F_NESTED | NFTA_LIST_ELEM);
    put_text(NFTA_EXPR_NAME, "cmp");
    size_t data = open(NLA_F_NESTED | NFTA_EXPR_DATA);
    put_u32(NFTA_CMP_SREG, reg);
    put_u32(NFTA_CMP_OP, operation);
    size_t nest = open(NLA_F_NESTED | NFTA_CMP_DATA);
    put(NFTA_DATA_VALUE, value);
    close(nest);
    close(data);
    close(element);
}

void NftBatch::drop() {
    size_t element = open(NLA_F_NESTED | NFTA_LIST_ELEM);
    put_text(NFTA_EXPR_NAME, "immediate");
    size_t data = open(NLA_F_NESTED | NFTA_EXPR_DATA);
    put_u32(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    size_t value = open(NLA_F_NESTED | NFTA_IMMEDIATE_DATA);
    size_t verdict = open(NLA_F_NESTED | NFTA_DATA_VERDICT);
    put_u32(NFTA_VERDICT_CODE, kDrop);
    close(verdict);
    close(value);
    close(data);
    close(element);
}

void NftBatch::add_drop_rule(const std::string& chain, const std::string& set, uint32_t id,
                             bool is_v6, uint32_t mark) {
    size_t at = begin(message(NFT_MSG_NEWRULE), NLM_F_CREATE | NLM_F_APPEND);
    put_text(NFTA_RULE_TABLE, table_);
    put_text(NFTA_RULE_CHAIN, chain);
    size_t list = open(NLA_F_NESTED | NFTA_RULE_EXPRESSIONS);
    const char family[] = {is_v6 ? kProtoV6 : kProtoV4};
    const char protocol[] = {IPPROTO_TCP};
    expression("meta", {{NFTA_META_DREG, kFirst}, {NFTA_META_KEY, NFT_META_NFPROTO}});
    compare(kFirst, NFT_CMP_EQ, {family, 1});
    expression("meta", {{NFTA_META_DREG, kFirst}, {NFTA_META_KEY, NFT_META_L4PROTO}});
    compare(kFirst, NFT_CMP_EQ, {protocol, 1});
    expression("meta", {{NFTA_META_DREG, kFirst}, {NFTA_META_KEY, NFT_META_MARK}});
    compare(kFirst, NFT_CMP_NEQ, view(mark));
    uint32_t length = is_v6 ? 16 : 4;
    uint32_t source = is_v6 ? 8 : 12;  // where addresses stand in the IP header
    uint32_t reg = kFirst;
    auto load = [&](uint32_t base, uint32_t offset, uint32_t bytes) {
        expression("payload", {{NFTA_PAYLOAD_DREG, reg},
                               {NFTA_PAYLOAD_BASE, base},
                               {NFTA_PAYLOAD_OFFSET, offset},
                               {NFTA_PAYLOAD_LEN, bytes}});
        reg += (bytes + 3) / 4;
    };
    load(NFT_PAYLOAD_NETWORK_HEADER, source, length);
    load(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2);
    load(NFT_PAYLOAD_NETWORK_HEADER, source + length, length);
    load(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
    size_t element = open(NLA_F_NESTED | NFTA_LIST_ELEM);
    put_text(NFTA_EXPR_NAME, "lookup");
    size_t data = open(NLA_F_NESTED | NFTA_EXPR_DATA);
    put_text(NFTA_LOOKUP_SET, set);
    put_u32(NFTA_LOOKUP_SET_ID, id);
    put_u32(NFTA_LOOKUP_SREG, kFirst);
    close(data);
    close(element);
    drop();
    close(list);
    end(at);
}

std::string NftBatch::finish() {
    uint16_t flags = 0;
    size_t at = last_ + offsetof(nlmsghdr, nlmsg_flags);
    std::memcpy(&flags, &bytes_[at], sizeof flags);
    flags |= NLM_F_ACK;
    std::memcpy(&bytes_[at], &flags, sizeof flags);
    end(begin(NFNL_MSG_BATCH_END, 0));
    return bytes_;
}

}  // namespace crtool::net
