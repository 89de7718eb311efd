// What the compiler may call although nothing is linked.
#include <cstddef>

extern "C" {

void* memcpy(void* to, const void* from, size_t size) {
    void* result = to;
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
    return result;
}

void* memset(void* to, int value, size_t size) {
    void* result = to;
    asm volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
    return result;
}

}  // extern "C"
