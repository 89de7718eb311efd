// Kernel interfaces that are newer than the headers of Debian 12 (linux-libc-dev 6.1, glibc 2.36).
//
// Each constant keeps the kernel's own name and spelling and is guarded, so that a newer header
// wins. Structures live in crtool::uapi, so that no later include of a kernel header can collide
// with them; the ioctl numbers carry their sizes, which the static_asserts pin. Values are from the
// kernel's include/uapi; the version beside each is the first that has it. The header needs nothing
// of libc, so blobs include it too. That a constant is here says nothing about the running kernel.
#pragma once

#include <asm/ioctl.h>
#include <linux/types.h>
#include <linux/userfaultfd.h>

namespace crtool::uapi {

// ioctl PAGEMAP_SCAN on /proc/PID/pagemap, kernel ≥ 6.7 (see Documentation/admin-guide/mm/pagemap).
struct PageRegion {
    __u64 start;
    __u64 end;
    __u64 categories;
};

struct PagemapScan {
    __u64 size;
    __u64 flags;
    __u64 start;
    __u64 end;
    __u64 walk_end;
    __u64 vec;
    __u64 vec_len;
    __u64 max_pages;
    __u64 category_inverted;
    __u64 category_mask;
    __u64 category_anyof_mask;
    __u64 return_mask;
};

static_assert(sizeof(PageRegion) == 24 && sizeof(PagemapScan) == 96);

// ioctl PROCMAP_QUERY on /proc/PID/maps, kernel ≥ 6.11.
struct ProcmapQuery {
    __u64 size;
    __u64 query_flags;
    __u64 query_addr;
    __u64 vma_start;
    __u64 vma_end;
    __u64 vma_flags;
    __u64 vma_page_size;
    __u64 vma_offset;
    __u64 inode;
    __u32 dev_major;
    __u32 dev_minor;
    __u32 vma_name_size;
    __u32 build_id_size;
    __u64 vma_name_addr;
    __u64 build_id_addr;
};

static_assert(sizeof(ProcmapQuery) == 104);

// ioctl UFFDIO_MOVE, kernel ≥ 6.8.
struct UffdioMove {
    __u64 dst;
    __u64 src;
    __u64 len;
    __u64 mode;
    __s64 move;  // out: bytes moved, or −errno
};

static_assert(sizeof(UffdioMove) == 40);

// PTRACE_{GET,SET}_SYSCALL_USER_DISPATCH_CONFIG, kernel ≥ 6.4.
struct SyscallUserDispatch {
    __u64 mode;  // PR_SYS_DISPATCH_*
    __u64 selector;
    __u64 offset;
    __u64 len;
};

static_assert(sizeof(SyscallUserDispatch) == 32);

// PTRACE_GET_RSEQ_CONFIGURATION, kernel ≥ 5.13.
struct RseqConfiguration {
    __u64 rseq_abi_pointer;
    __u32 rseq_abi_size;
    __u32 signature;
    __u32 flags;
    __u32 pad;
};

static_assert(sizeof(RseqConfiguration) == 24);

// ioctl EPIOC{S,G}PARAMS on an epoll descriptor, kernel ≥ 6.9.
struct EpollParams {
    __u32 busy_poll_usecs;
    __u16 busy_poll_budget;
    __u8 prefer_busy_poll;
    __u8 pad;
};

static_assert(sizeof(EpollParams) == 8);

// ioctl PIDFD_GET_INFO on a pidfd, kernel ≥ 6.13, in its first size.
struct PidfdInfo {
    __u64 mask;  // in: what is wanted; out: what there is
    __u64 cgroupid;
    __u32 pid;
    __u32 tgid;
    __u32 ppid;
    __u32 ruid;
    __u32 rgid;
    __u32 euid;
    __u32 egid;
    __u32 suid;
    __u32 sgid;
    __u32 fsuid;
    __u32 fsgid;
    __s32 exit_code;  // as wait4(2) tells it
};

static_assert(sizeof(PidfdInfo) == 64);

}  // namespace crtool::uapi

// --- /proc/PID/pagemap: kernel ≥ 6.7 unless said otherwise ---
#ifndef PAGEMAP_SCAN
#define PAGEMAP_SCAN _IOWR('f', 16, struct crtool::uapi::PagemapScan)
#define PAGE_IS_WPALLOWED (1 << 0)
#define PAGE_IS_WRITTEN (1 << 1)
#define PAGE_IS_FILE (1 << 2)
#define PAGE_IS_PRESENT (1 << 3)
#define PAGE_IS_SWAPPED (1 << 4)
#define PAGE_IS_PFNZERO (1 << 5)
#define PAGE_IS_HUGE (1 << 6)
#define PM_SCAN_WP_MATCHING (1 << 0)
#define PM_SCAN_CHECK_WPASYNC (1 << 1)
#endif
#ifndef PAGE_IS_SOFT_DIRTY
#define PAGE_IS_SOFT_DIRTY (1 << 7)
#endif
#ifndef PAGE_IS_GUARD  // ≥ 6.15
#define PAGE_IS_GUARD (1 << 8)
#endif

// --- /proc/PID/maps: kernel ≥ 6.11 ---
#ifndef PROCMAP_QUERY
#define PROCMAP_QUERY _IOWR('f', 17, struct crtool::uapi::ProcmapQuery)
#define PROCMAP_QUERY_VMA_READABLE 0x01
#define PROCMAP_QUERY_VMA_WRITABLE 0x02
#define PROCMAP_QUERY_VMA_EXECUTABLE 0x04
#define PROCMAP_QUERY_VMA_SHARED 0x08
#define PROCMAP_QUERY_COVERING_OR_NEXT_VMA 0x10
#define PROCMAP_QUERY_FILE_BACKED_VMA 0x20
#endif

// --- userfaultfd ---
#ifndef UFFD_FEATURE_WP_UNPOPULATED  // ≥ 6.4
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif
#ifndef UFFD_FEATURE_POISON  // ≥ 6.6
#define UFFD_FEATURE_POISON (1 << 14)
#endif
#ifndef UFFD_FEATURE_WP_ASYNC  // ≥ 6.7
#define UFFD_FEATURE_WP_ASYNC (1 << 15)
#endif
#ifndef UFFD_FEATURE_MOVE  // ≥ 6.8
#define UFFD_FEATURE_MOVE (1 << 16)
#endif
#ifndef UFFDIO_MOVE  // ≥ 6.8
#define _UFFDIO_MOVE (0x05)
#define UFFDIO_MOVE _IOWR(UFFDIO, _UFFDIO_MOVE, struct crtool::uapi::UffdioMove)
#define UFFDIO_MOVE_MODE_DONTWAKE ((__u64)1 << 0)
#define UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES ((__u64)1 << 1)
#endif

// --- mmap, madvise, mseal, memfd ---
#ifndef MADV_POPULATE_READ  // ≥ 5.14
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_DONTNEED_LOCKED  // ≥ 5.18
#define MADV_DONTNEED_LOCKED 24
#endif
#ifndef MADV_COLLAPSE  // ≥ 6.1
#define MADV_COLLAPSE 25
#endif
#ifndef MADV_GUARD_INSTALL  // ≥ 6.13
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif
#ifndef MAP_DROPPABLE  // ≥ 6.11
#define MAP_DROPPABLE 0x08
#endif
#ifndef MAP_ABOVE4G  // ≥ 6.6, x86
#define MAP_ABOVE4G 0x80
#endif
#ifndef MFD_NOEXEC_SEAL  // ≥ 6.3
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef MFD_EXEC  // ≥ 6.3
#define MFD_EXEC 0x0010U
#endif
#ifndef F_SEAL_EXEC  // ≥ 6.3
#define F_SEAL_EXEC 0x0020
#endif

// --- fcntl ---
#ifndef F_DUPFD_QUERY  // ≥ 6.10: 1 when both descriptors are one open file
#define F_DUPFD_QUERY (1024 + 3)
#endif
#ifndef F_CREATED_QUERY  // ≥ 6.12
#define F_CREATED_QUERY (1024 + 4)
#endif

// --- ptrace (see PTRACE_* in glibc's sys/ptrace.h for what 2.36 knows) ---
#ifndef PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG  // ≥ 6.4
#define PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG 0x4210
#define PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG 0x4211
#endif
#ifndef PTRACE_SET_SYSCALL_INFO  // ≥ 6.16
#define PTRACE_SET_SYSCALL_INFO 0x4212
#endif
#ifndef NT_X86_SHSTK  // ≥ 6.6: shadow stack pointer, by PTRACE_GETREGSET
#define NT_X86_SHSTK 0x204
#endif

// --- prctl, arch_prctl ---
#ifndef PR_SET_MDWE  // ≥ 6.3
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN (1UL << 0)
#define PR_GET_MDWE 66
#endif
#ifndef PR_MDWE_NO_INHERIT  // ≥ 6.6
#define PR_MDWE_NO_INHERIT (1UL << 1)
#endif
#ifndef PR_SET_MEMORY_MERGE  // ≥ 6.4
#define PR_SET_MEMORY_MERGE 67
#define PR_GET_MEMORY_MERGE 68
#endif
#ifndef MEMBARRIER_CMD_GET_REGISTRATIONS  // ≥ 6.3
#define MEMBARRIER_CMD_GET_REGISTRATIONS (1 << 9)
#endif
#ifndef MAP_DROPPABLE  // ≥ 6.11
#define MAP_DROPPABLE 0x08
#endif
#ifndef PR_GET_AUXV  // ≥ 6.4
#define PR_GET_AUXV 0x41555856
#endif
#ifndef PR_SET_VMA  // ≥ 5.17, only with CONFIG_ANON_VMA_NAME
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif
#ifndef PR_TIMER_CREATE_RESTORE_IDS  // ≥ 6.15: timer_create takes the id it is told
#define PR_TIMER_CREATE_RESTORE_IDS 77
#define PR_TIMER_CREATE_RESTORE_IDS_OFF 0
#define PR_TIMER_CREATE_RESTORE_IDS_ON 1
#define PR_TIMER_CREATE_RESTORE_IDS_GET 2
#endif
#ifndef PR_THP_DISABLE_EXCEPT_ADVISED  // ≥ 6.18: flag of PR_SET_THP_DISABLE
#define PR_THP_DISABLE_EXCEPT_ADVISED (1 << 1)
#endif
#ifndef ARCH_SHSTK_ENABLE  // ≥ 6.6
#define ARCH_SHSTK_ENABLE 0x5001
#define ARCH_SHSTK_DISABLE 0x5002
#define ARCH_SHSTK_LOCK 0x5003
#define ARCH_SHSTK_UNLOCK 0x5004
#define ARCH_SHSTK_STATUS 0x5005
#endif

// --- pidfd ---
#ifndef PIDFD_THREAD  // ≥ 6.9: pidfd_open of a thread that leads no group (O_EXCL)
#define PIDFD_THREAD 00000200
#endif
#ifndef PIDFD_SIGNAL_THREAD  // ≥ 6.9: flags of pidfd_send_signal
#define PIDFD_SIGNAL_THREAD (1UL << 0)
#define PIDFD_SIGNAL_THREAD_GROUP (1UL << 1)
#define PIDFD_SIGNAL_PROCESS_GROUP (1UL << 2)
#endif
#ifndef PIDFD_GET_INFO  // ≥ 6.13
#define PIDFD_GET_INFO _IOWR(0xff, 11, struct crtool::uapi::PidfdInfo)
#endif
#ifndef PIDFD_INFO_EXIT  // ≥ 6.15: the only thing that is told of a task that has gone
#define PIDFD_INFO_EXIT (1UL << 3)
#endif

// --- timerfd: old (3.17), but <linux/timerfd.h> and <fcntl.h> exclude each other ---
#ifndef TFD_IOC_SET_TICKS
#define TFD_IOC_SET_TICKS _IOW('T', 0, __u64)
#endif

// --- sockets, epoll ---
#ifndef SO_PASSPIDFD  // ≥ 6.5
#define SO_PASSPIDFD 76
#define SO_PEERPIDFD 77
#define SCM_PIDFD 0x04
#endif
#ifndef SO_PASSRIGHTS  // ≥ 6.16
#define SO_PASSRIGHTS 83
#endif
#ifndef PACKET_VNET_HDR_SZ  // ≥ 6.6
#define PACKET_VNET_HDR_SZ 24
#endif
#ifndef EPIOCSPARAMS  // ≥ 6.9
#define EPIOCSPARAMS _IOW(0x8A, 0x01, struct crtool::uapi::EpollParams)
#define EPIOCGPARAMS _IOR(0x8A, 0x02, struct crtool::uapi::EpollParams)
#endif

// --- internet sockets: options of no header that goes together with libc's netinet/in.h ---
#ifndef SO_RCVPRIORITY  // ≥ 6.14
#define SO_RCVPRIORITY 82
#endif
#ifndef IP_LOCAL_PORT_RANGE  // ≥ 6.3
#define IP_LOCAL_PORT_RANGE 51
#endif
#ifndef IPV6_FLOWINFO
#define IPV6_FLOWINFO 11
#define IPV6_FLOWINFO_SEND 33
#endif
#ifndef TCP_RTO_MAX_MS  // ≥ 6.15
#define TCP_RTO_MAX_MS 44
#endif
#ifndef UDPLITE_SEND_CSCOV
#define UDPLITE_SEND_CSCOV 10
#define UDPLITE_RECV_CSCOV 11
#endif

// --- futex2 flags, kernel ≥ 6.7 (futex_waitv itself is 5.16) ---
#ifndef FUTEX2_SIZE_U32
#define FUTEX2_SIZE_U32 0x02
#define FUTEX2_PRIVATE 128
#endif

// --- system call numbers: one numbering for all architectures since 5.0 ---
// NOLINTBEGIN(bugprone-reserved-identifier): these are the kernel's names
#ifndef __NR_cachestat  // ≥ 6.5
#define __NR_cachestat 451
#endif
#ifndef __NR_map_shadow_stack  // ≥ 6.6
#define __NR_map_shadow_stack 453
#endif
#ifndef __NR_futex_wake  // ≥ 6.7
#define __NR_futex_wake 454
#define __NR_futex_wait 455
#define __NR_futex_requeue 456
#endif
#ifndef __NR_statmount  // ≥ 6.8
#define __NR_statmount 457
#define __NR_listmount 458
#endif
#ifndef __NR_mseal  // ≥ 6.10
#define __NR_mseal 462
#endif
#ifndef SYS_mseal
#define SYS_mseal __NR_mseal
#endif
// NOLINTEND(bugprone-reserved-identifier)

static_assert(PAGEMAP_SCAN == 0xc0606610 && PROCMAP_QUERY == 0xc0686611);
static_assert(UFFDIO_MOVE == 0xc028aa05);
