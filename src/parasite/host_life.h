// Tells the tasks that crtool has died, where no descriptor can: a word in an arena that the kernel
// itself changes when the thread that made this ends (robust futexes, get_robust_list(2)).
#pragma once

#include <pthread.h>

namespace crtool::parasite {

class HostLife {
  public:
    // `place`: zeroed shared memory of at least kBytes, which must outlive this. To be destroyed by
    // the thread that made it.
    explicit HostLife(void* place);
    ~HostLife();
    HostLife(const HostLife&) = delete;
    HostLife& operator=(const HostLife&) = delete;

    static constexpr unsigned long kBytes = sizeof(pthread_mutex_t);

  private:
    pthread_mutex_t* mutex_;
};

}  // namespace crtool::parasite
