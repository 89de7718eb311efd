// See protection_keys.h.
#include "restore/protection_keys.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <bit>

#include "restore/memory_plan.h"

namespace crtool::restore {
namespace {

using image::Area;

class KeyScript {
  public:
    KeyScript(const image::AddressSpace& mm, bool has_keys, parasite::ScriptBuilder& script)
        : script_(script), mm_(mm), has_keys_(has_keys), keys_(mm.protection_keys()) {
        if (!mm_.has_protection_keys())
            keys_.set_allocated(kDefault);
        uint32_t known = keys_.allocated() | kDefault | 1U << keys_.execute_only();
        for (const Area& area : mm_.areas())
            known |= 1U << area.pkey();
        count_ = static_cast<uint32_t>(std::bit_width(known));
    }

    void emit() {
        for (uint32_t key = 1; key < count_; key++)
            if (key == keys_.execute_only())
                protect([&](const Area& area) { return area.pkey() == key; });
            else
                script_.call("allocate one", SYS_pkey_alloc, {0, 0, key}, parasite::kExact);
        protect([&](const Area& area) {
            return area.pkey() == 0 ? is_execute_only(area) : area.pkey() != keys_.execute_only();
        });
        for (uint32_t key = 0; key < count_; key++)
            if ((keys_.allocated() >> key & 1) == 0 && (key == 0 || key != keys_.execute_only()))
                script_.call("free one", SYS_pkey_free, {key});
    }

  private:
    static constexpr uint32_t kDefault = 1;  // mask with the key that every address space has

    static bool is_execute_only(const Area& area) {
        return area.prot() == PROT_EXEC && is_mapped_by_plan(area);
    }

    // Neighbours that get the same, at once.
    template <typename Wanted>
    void protect(Wanted wanted) {
        const auto& areas = mm_.areas();
        for (int first = 0; first < areas.size();) {
            int last = first + 1;
            if (wanted(areas[first])) {
                while (last < areas.size() && areas[last].start() == areas[last - 1].end() &&
                       areas[last].prot() == areas[first].prot() &&
                       areas[last].pkey() == areas[first].pkey())
                    last++;
                protect(areas[first], areas[last - 1].end());
            }
            first = last;
        }
    }

    void protect(const Area& area, uint64_t end) {
        uint64_t bytes = end - area.start();
        bool by_kernel = area.pkey() == keys_.execute_only() && area.pkey() != 0;
        if (by_kernel || !has_keys_)
            script_.call("make memory executable only", SYS_mprotect,
                         {area.start(), bytes, area.prot()});
        else
            script_.call("set that of memory", SYS_pkey_mprotect,
                         {area.start(), bytes, area.prot(), area.pkey()});
    }

    parasite::ScriptBuilder& script_;
    const image::AddressSpace& mm_;
    bool has_keys_;
    image::ProtectionKeys keys_;
    uint32_t count_ = 0;
};

}  // namespace

void emit_protection_keys(const image::AddressSpace& mm, bool has_keys,
                          parasite::ScriptBuilder& script) {
    script.about("protection keys");
    KeyScript(mm, has_keys, script).emit();
}

}  // namespace crtool::restore
