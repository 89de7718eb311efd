/* Entries of the blob, at fixed offsets from its start (src/parasite/blob_entry.h):
 *
 *   0   visit:   a dumped thread comes here with rdi = struct Visit*, rsp = its stack in the arena
 *   16  restore: a restored task comes here with rdi = struct Script*, rsp = its stack
 *   32  call:    a system call by ptrace, with rbx = struct Visit*, rsp = its stack, r12 = a word
 *                that becomes -1 when the call has been made
 *   48  home:    crtool is gone; with rbx and rsp as above
 *
 * Position-independent, no data. None returns: a visit ends by ptrace or through its signal frame,
 * a restored task is parked until the coordinator has set its registers. A thread that makes a call
 * is stopped right behind it; should crtool be dead by then, the thread goes home.
 */
        .section .text.entry, "ax"
        .globl  blob_entry
blob_entry:
        xorl    %ebp, %ebp
        andq    $-16, %rsp
        call    blob_visit
        ud2
        .balign 16
        xorl    %ebp, %ebp
        andq    $-16, %rsp
        call    blob_restore
        ud2
        .balign 16
        syscall
        movl    $-1, (%r12)
        .balign 16
        movq    %rbx, %rdi
        andq    $-16, %rsp
        call    blob_depart
        ud2

/* long blob_clone3(struct clone_args*, size_t size, Script* script)
 * The child starts on the stack that clone_args names, with nothing on it, and runs the script. */
        .text
        .globl  blob_clone3
blob_clone3:
        pushq   %r12
        movq    %rdx, %r12
        movl    $435, %eax
        syscall
        testq   %rax, %rax
        jz      1f
        popq    %r12
        ret
1:      xorl    %ebp, %ebp
        movq    %r12, %rdi
        andq    $-16, %rsp
        call    blob_restore
        ud2

/* void blob_sigreturn(uint64_t frame): rt_sigreturn(2) expects rsp at the frame's ucontext. */
        .globl  blob_sigreturn
blob_sigreturn:
        movq    %rdi, %rsp
        movl    $15, %eax
        syscall
        ud2

/* void blob_leave(uint64_t lifeline, uint64_t syscall_ret, uint64_t number, uint64_t arg0, uint64_t arg1):
 * the call is made by an instruction of the task's own, which returns through the lifeline. */
        .globl  blob_leave
blob_leave:
        movq    %rdi, %rsp
        movq    %rdx, %rax
        movq    %rcx, %rdi
        movq    %rsi, %r9
        movq    %r8, %rsi
        jmp     *%r9

        .section .note.GNU-stack, "", @progbits
