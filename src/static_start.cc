// What the statically linked program leaves out of its start. The linker leads the calls of others
// here (--wrap, see CMakeLists.txt).
//
// Unwind tables: the start files of a static program (crtbeginT.o of gcc) register them as one
// unsorted object, and the first throw then reads and sorts all of it, some 20,000 entries in two
// to six milliseconds. The linker makes a sorted index of the same tables (--eh-frame-hdr), which
// libgcc finds through dl_iterate_phdr(3) and uses when nothing is registered.
//
// Message descriptors: every generated .pb.cc parses and registers its descriptor before main(),
// 0.2 ms together, so that messages can be found by name, which crtool never asks for. Reflection
// (`show --json`) registers those that it comes to (AssignDescriptors of protobuf 3.21).
extern "C" {

void __wrap___register_frame_info(const void*, void*) {}

void* __wrap___deregister_frame_info(const void*) {
    return nullptr;
}

// google::protobuf::internal::AddDescriptorsRunner::AddDescriptorsRunner(const DescriptorTable*)
void __wrap__ZN6google8protobuf8internal20AddDescriptorsRunnerC1EPKNS1_15DescriptorTableE(
    void*, const void*) {}
}
