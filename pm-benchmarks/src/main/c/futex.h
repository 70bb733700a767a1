/* Futexes shared by processes. */
#ifndef FUTEX_H
#define FUTEX_H

#include "bench.h"
#include <linux/futex.h>
#include <sys/syscall.h>

static inline void futex_wait(_Atomic uint32_t *word, uint32_t expected) {
    syscall(SYS_futex, word, FUTEX_WAIT, expected, NULL, NULL, 0);
}

static inline void futex_wake(_Atomic uint32_t *word, int count) {
    syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}

#endif
