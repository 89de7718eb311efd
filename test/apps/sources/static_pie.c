// Chains a hash over a linked list that grows by one node a step; at the end all is done again.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct node {
    struct node* next;
    uint64_t value;
    char padding[500];
};

static uint64_t mix(uint64_t state, uint64_t value) {
    for (int i = 0; i < 20000; i++) {
        state ^= value + (uint64_t)i;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    return state;
}

int main(void) {
    FILE* progress = fopen("progress", "a");
    struct node* head = NULL;
    uint64_t state = 88172645463325252u;
    uint64_t steps = 0;
    const struct timespec pause = {0, 2000000};
    while (access("stop", F_OK) != 0) {
        struct node* fresh = malloc(sizeof(*fresh));
        state = mix(state, steps++);
        fresh->value = state;
        fresh->next = head;
        head = fresh;
        fputc('x', progress);
        fflush(progress);
        nanosleep(&pause, NULL);
    }
    uint64_t* values = calloc(steps, sizeof(*values));
    uint64_t at = steps;
    for (const struct node* node = head; node != NULL && at > 0; node = node->next) {
        values[--at] = node->value;
    }
    uint64_t again = 88172645463325252u;
    uint64_t wrong = at;
    for (uint64_t i = 0; i < steps; i++) {
        again = mix(again, i);
        wrong += values[i] != again;
    }
    FILE* result = fopen("result", "w");
    fprintf(result, wrong == 0 ? "right" : "%" PRIu64 " values are wrong", wrong);
    return fclose(result);
}
