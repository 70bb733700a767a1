/*
 * The limits of a mutex between processes: kind=robust, glibc's robust pthread mutex; kind=futex, the smallest mutex on one
 * futex word (0 free, 1 locked, 2 locked with waiters: Ulrich Drepper, "Futexes Are Tricky"), which is not robust;
 * kind=rwlock, glibc's read-write lock, which is not robust either.
 * case=uncontended: nanoseconds for acquire and release; access=read: for reading. case=ping-pong: microseconds from before a
 * release until the other process, which slept, has acquired. case=four-processes: acquisitions per second, of section-micros
 * each (1 unless given), reads-in-ten of ten for reading, and the smallest share; a section accesses as many numbers as said.
 * case=recovery: milliseconds from the kill of the owner until a waiter has acquired. Options: kind, case, millis, access,
 * reads-in-ten, section-micros, numbers.
 */
#include "futex.h"
#include <pthread.h>

#define HOLD_NANOS 100000
#define MOST_NUMBERS 16
#define SECTIONS_PER_CLOCK_READING 50 /* of sections without a length: reading the clock takes as long */
#define STRETCH_NANOS 1000000
#define PHASE_NANOS 100000000LL
#define SETTLE_NANOS 5000000
#define WORKERS 4
#define RING 3

typedef struct {
    _Alignas(LINE) union {
        pthread_mutex_t robust;
        pthread_rwlock_t rwlock;
        _Atomic uint32_t word;
    };
} mutex;

typedef struct {
    mutex mutexes[RING];
    _Alignas(LINE) int64_t released_at; /* the rest is accessed by the owner only */
    int64_t steps;
    int64_t sections;
    struct {
        _Alignas(LINE) int64_t value;
    } numbers[MOST_NUMBERS];
    _Alignas(LINE) _Atomic int go; /* number of the phase; negative to exit */
    _Atomic int64_t taken[WORKERS], written;
    _Atomic int ready;
    _Atomic int64_t acquired_at;
} shared_page;

static shared_page *page;
static int is_robust, is_rwlock, is_reading;

/* --- The kinds -------------------------------------------------------------------------------------------------------- */

static void create(mutex *m) {
    pthread_mutexattr_t attributes;
    if (is_rwlock) {
        pthread_rwlockattr_t shared;
        pthread_rwlockattr_init(&shared);
        pthread_rwlockattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
        pthread_rwlock_init(&m->rwlock, &shared);
    }
    if (!is_robust) return;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&m->robust, &attributes);
}

/* Acquires and returns whether the previous owner died. */
static inline int acquire(mutex *m) {
    if (is_rwlock) {
        int error = is_reading ? pthread_rwlock_rdlock(&m->rwlock) : pthread_rwlock_wrlock(&m->rwlock);
        if (error) fail("pthread_rwlock: %s", strerror(error));
        return 0;
    }
    if (is_robust) {
        int error = pthread_mutex_lock(&m->robust);
        if (error == EOWNERDEAD) return pthread_mutex_consistent(&m->robust) == 0;
        if (error) fail("pthread_mutex_lock: %s", strerror(error));
        return 0;
    }
    uint32_t seen = 0;
    if (atomic_compare_exchange_strong(&m->word, &seen, 1)) return 0;
    if (seen != 2) seen = atomic_exchange(&m->word, 2);
    while (seen) {
        futex_wait(&m->word, 2);
        seen = atomic_exchange(&m->word, 2);
    }
    return 0;
}

static inline void release(mutex *m) {
    if (is_rwlock)
        pthread_rwlock_unlock(&m->rwlock);
    else if (is_robust)
        pthread_mutex_unlock(&m->robust);
    else if (atomic_exchange(&m->word, 0) == 2)
        futex_wake(&m->word, 1);
}

/* --- Uncontended ------------------------------------------------------------------------------------------------------ */

static int64_t stretch(int64_t pairs) {
    int64_t start = now_nanos();
    for (int64_t i = 0; i < pairs; i++) {
        acquire(&page->mutexes[0]);
        page->sections++;
        release(&page->mutexes[0]);
    }
    return now_nanos() - start;
}

static void uncontended(samples *nanos) {
    int64_t pairs = 16, start = now_nanos();
    while (now_nanos() - start < warm_up_nanos(1))
        if (stretch(pairs) < STRETCH_NANOS) pairs *= 2;
    start = now_nanos();
    do add_sample(nanos, (double)stretch(pairs) / pairs);
    while (now_nanos() - start < measure_nanos(1));
}

/* --- Ping-pong: a ring of three; each step of one process needs the last step of the other ------------------------------ */

static void ping_pong(int worker, int64_t nanos, samples *micros) {
    int64_t start = now_nanos();
    acquire(&page->mutexes[worker == 0 ? 0 : 2]);
    atomic_fetch_add(&page->ready, 1);
    while (atomic_load(&page->ready) < 2) relax();
    for (int64_t step = 0; page->steps >= 0; step++) {
        acquire(&page->mutexes[(step + (worker == 0)) % RING]);
        if (step > 10 && page->steps >= 0 && now_nanos() - start > nanos * WARM_UP)
            add_sample(micros, (now_nanos() - page->released_at) / 1e3);
        if (page->steps >= 0) {
            expect("step", 2 * step + worker, page->steps);
            page->steps++;
        }
        page->released_at = spin_nanos(HOLD_NANOS);
        if (worker == 0 && micros->count && page->released_at - start > nanos) page->steps = -1;
        release(&page->mutexes[(step + (worker == 0 ? 0 : 2)) % RING]);
    }
}

static void two_workers(samples *micros) {
    int64_t nanos = number_option("millis", 1000) * 1000000;
    pid_t other = fork_worker();
    if (!other) {
        samples unused = {0};
        ping_pong(1, nanos, &unused);
        _exit(0);
    }
    ping_pong(0, nanos, micros);
    await_worker(other);
}

/* --- Contended ---------------------------------------------------------------------------------------------------------- */

/* Reads the numbers, which must be equal, or increments them. */
static inline void section(int reads, int numbers, int64_t nanos) {
    int64_t first, different = 0;
    is_reading = reads;
    acquire(&page->mutexes[0]);
    first = page->numbers[0].value;
    if (nanos) spin_nanos(nanos);
    for (int i = 0; i < numbers; i++) {
        volatile int64_t *number = &page->numbers[i].value;
        if (reads)
            different |= *number ^ first;
        else
            *number = first + 1;
    }
    release(&page->mutexes[0]);
    expect("difference of two numbers", 0, different);
}

static void contend(int worker) {
    int reads_in_ten = (int)number_option("reads-in-ten", 0), numbers = (int)number_option("numbers", 1);
    int64_t nanos = number_option("section-micros", 1) * 1000;
    for (int phase = 1;; phase++) {
        int go;
        while ((go = atomic_load(&page->go)) < phase && go >= 0) usleep(100);
        if (go < 0) _exit(0);
        int64_t start = now_nanos(), taken = 0, written = 0;
        while (now_nanos() - start < PHASE_NANOS) {
            for (int i = nanos ? 1 : SECTIONS_PER_CLOCK_READING; i > 0; i--, taken++) {
                int reads = taken % 10 < reads_in_ten;
                section(reads, numbers, nanos);
                written += !reads;
            }
        }
        atomic_fetch_add(&page->taken[worker], taken);
        atomic_fetch_add(&page->written, written);
        atomic_fetch_add(&page->ready, 1);
    }
}

static int64_t all_taken(void) {
    int64_t sum = 0;
    for (int i = 0; i < WORKERS; i++) sum += page->taken[i];
    return sum;
}

static double four_processes(samples *per_second) {
    pid_t workers[WORKERS];
    int64_t sum = 0, least = INT64_MAX, base[WORKERS] = {0};
    for (int i = 0; i < WORKERS; i++)
        if (!(workers[i] = fork_worker())) contend(i);
    int phases = 1 + (int)((measure_nanos(1) + PHASE_NANOS - 1) / PHASE_NANOS);
    for (int phase = 1; phase <= phases; phase++) {
        int64_t before = all_taken();
        atomic_store(&page->go, phase);
        while (atomic_load(&page->ready) < phase * WORKERS) usleep(1000);
        if (phase > 1) {
            add_sample(per_second, (all_taken() - before) * 1e9 / PHASE_NANOS);
        } else {
            for (int i = 0; i < WORKERS; i++) base[i] = page->taken[i];
        }
    }
    atomic_store(&page->go, -1);
    for (int i = 0; i < WORKERS; i++) await_worker(workers[i]);
    for (int i = 0; i < WORKERS; i++) {
        int64_t taken = page->taken[i] - base[i];
        sum += taken;
        if (taken < least) least = taken;
    }
    expect("sections passed", page->written, page->numbers[0].value);
    return (double)least / sum;
}

/* --- Recovery ------------------------------------------------------------------------------------------------------------- */

static void recovery(samples *millis) {
    int64_t start = now_nanos();
    do {
        atomic_store(&page->ready, 0);
        pid_t holder = fork_worker();
        if (!holder) {
            acquire(&page->mutexes[0]);
            atomic_store(&page->ready, 1);
            for (;;) pause();
        }
        while (!atomic_load(&page->ready)) relax();
        atomic_store(&page->acquired_at, 0);
        pid_t waiter = fork_worker();
        if (!waiter) {
            expect("previous owner died", 1, acquire(&page->mutexes[0]));
            atomic_store(&page->acquired_at, now_nanos());
            release(&page->mutexes[0]);
            _exit(0);
        }
        usleep(SETTLE_NANOS / 1000);
        expect("acquired while another process held it, at", 0, atomic_load(&page->acquired_at));
        int64_t killed_at = now_nanos();
        check(kill(holder, SIGKILL), "kill");
        await_worker(waiter);
        waitpid(holder, NULL, 0);
        add_sample(millis, (atomic_load(&page->acquired_at) - killed_at) / 1e6);
    } while (now_nanos() - start < measure_nanos(1));
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    is_robust = !strcmp(text_option("kind", NULL), "robust");
    is_rwlock = !strcmp(text_option("kind", NULL), "rwlock");
    is_reading = !strcmp(text_option("access", "write"), "read");
    const char *what = text_option("case", NULL);
    samples measured = {0};
    double share = -1;
    int workers = 2;
    page = shared_memory(sizeof *page);
    for (int i = 0; i < RING; i++) create(&page->mutexes[i]);
    if (!strcmp(what, "uncontended")) {
        uncontended(&measured);
        workers = 1;
    } else if (!strcmp(what, "ping-pong")) {
        two_workers(&measured);
    } else if (!strcmp(what, "four-processes")) {
        share = four_processes(&measured);
        workers = WORKERS;
    } else if (!strcmp(what, "recovery")) {
        recovery(&measured);
    } else {
        fail("unknown case %s", what);
    }
    report("", &measured, -1, workers, share);
    return verified();
}
