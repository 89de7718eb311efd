// How exceptions find their way in the statically linked program.
//
// The start files of a static program (crtbeginT.o of gcc) register its unwind tables as one
// unsorted object: the first throw then reads and sorts all of them, some 20,000 entries in two to
// six milliseconds. The linker makes a sorted index of the same tables (--eh-frame-hdr), which
// libgcc finds through dl_iterate_phdr(3) and uses when nothing is registered. So the registration
// is led here (--wrap, see CMakeLists.txt) and left out.
extern "C" {

void __wrap___register_frame_info(const void*, void*) {}

void* __wrap___deregister_frame_info(const void*) {
    return nullptr;
}
}
