// One thread writes and reads a file by Linux AIO, one by an io_uring; each checks what it reads.
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_bool over;
static atomic_int rounds[2];

static void must(int right, const char* what) {
    if (!right) {
        perror(what);
        exit(1);
    }
}

// One request and its answer, on the file 'fd'.
struct request {
    int fd, write;
    unsigned* data;
    size_t size;
};

static void check_file(const char* name, int number, long (*perform)(void*, struct request*),
                       void* context) {
    unsigned data[256];
    int fd = open(name, O_RDWR | O_CREAT, 0600);
    must(fd >= 0, name);
    struct request request = {fd, 0, data, sizeof data};
    while (!over || rounds[number] < 3) {
        unsigned round = rounds[number] + 1;
        for (unsigned i = 0; i < 256; i++)
            data[i] = round * i;
        request.write = 1;
        must(perform(context, &request) == sizeof data, "write");
        memset(data, 0, sizeof data);
        request.write = 0;
        must(perform(context, &request) == sizeof data, "read");
        for (unsigned i = 0; i < 256; i++)
            must(data[i] == round * i, "what was read");
        rounds[number]++;
        usleep(2000);
    }
}

static long perform_aio(void* context, struct request* request) {
    struct iocb block = {.aio_fildes = request->fd,
                         .aio_lio_opcode = request->write ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD,
                         .aio_buf = (unsigned long)request->data,
                         .aio_nbytes = request->size};
    struct iocb* list[] = {&block};
    struct io_event event;
    must(syscall(SYS_io_submit, *(aio_context_t*)context, 1, list) == 1, "io_submit");
    must(syscall(SYS_io_getevents, *(aio_context_t*)context, 1, 1, &event, NULL) == 1, "getevents");
    return event.res;
}

static void* use_aio(void* unused) {
    aio_context_t context = 0;
    must(syscall(SYS_io_setup, 8, &context) == 0, "io_setup");
    check_file("aio.data", 0, perform_aio, &context);
    return unused;
}

struct ring {
    int fd;
    char* queues;
    struct io_uring_sqe* entries;
    struct io_uring_params params;
};

static long perform_ring(void* context, struct request* request) {
    struct ring* ring = context;
    struct io_sqring_offsets* sq = &ring->params.sq_off;
    struct io_cqring_offsets* cq = &ring->params.cq_off;
    atomic_uint* tail = (atomic_uint*)(ring->queues + sq->tail);
    unsigned slot = *tail & (ring->params.sq_entries - 1);
    ring->entries[slot] =
        (struct io_uring_sqe){.opcode = request->write ? IORING_OP_WRITE : IORING_OP_READ,
                              .fd = request->fd,
                              .addr = (unsigned long)request->data,
                              .len = request->size};
    ((unsigned*)(ring->queues + sq->array))[slot] = slot;
    (*tail)++;
    must(syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1,
         "enter");
    atomic_uint* head = (atomic_uint*)(ring->queues + cq->head);
    atomic_uint* end = (atomic_uint*)(ring->queues + cq->tail);
    // A stop ends the wait early, and the call then tells of what was submitted.
    while (*head == *end)
        syscall(SYS_io_uring_enter, ring->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    struct io_uring_cqe* answers = (struct io_uring_cqe*)(ring->queues + cq->cqes);
    long result = answers[*head & (ring->params.cq_entries - 1)].res;
    (*head)++;
    return result;
}

static void* use_ring(void* unused) {
    struct ring ring = {};
    ring.fd = syscall(SYS_io_uring_setup, 8, &ring.params);
    must(ring.fd >= 0, "io_uring_setup");
    ring.queues = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, IORING_OFF_SQ_RING);
    ring.entries = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, IORING_OFF_SQES);
    must(ring.queues != MAP_FAILED && ring.entries != MAP_FAILED, "mmap");
    check_file("ring.data", 1, perform_ring, &ring);
    return unused;
}

int main(void) {
    pthread_t threads[2];
    must(pthread_create(&threads[0], NULL, use_aio, NULL) == 0, "thread");
    must(pthread_create(&threads[1], NULL, use_ring, NULL) == 0, "thread");
    FILE* progress = fopen("progress", "a");
    must(progress != NULL, "progress");
    for (int seen = 0; access("stop", F_OK) != 0; usleep(1000)) {
        int both = rounds[0] < rounds[1] ? rounds[0] : rounds[1];
        for (; seen < both; seen++)
            fputc('x', progress);
        fflush(progress);
    }
    over = 1;
    for (int i = 0; i < 2; i++)
        must(pthread_join(threads[i], NULL) == 0, "join");
    FILE* result = fopen("result", "w");
    must(result != NULL && fputs("right", result) >= 0 && fclose(result) == 0, "result");
    return 0;
}
