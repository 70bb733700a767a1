/*
 * The limits of a mutex between processes: kind=robust, glibc's robust pthread mutex; kind=futex, the smallest mutex on one
 * futex word (0 free, 1 locked, 2 locked with waiters: Ulrich Drepper, "Futexes Are Tricky"), which is not robust.
 * case=uncontended: nanoseconds for acquire and release. case=ping-pong: microseconds from before a release until the other
 * process, which slept, has acquired. case=four-processes: acquisitions per second, one microsecond each, and the smallest
 * share. case=recovery: milliseconds from the kill of the owner until a waiter has acquired. Options: kind, case, millis.
 */
#include "futex.h"
#include <pthread.h>

#define HOLD_NANOS 100000
#define SECTION_NANOS 1000
#define STRETCH_NANOS 1000000
#define PHASE_NANOS 100000000LL
#define SETTLE_NANOS 5000000
#define WORKERS 4
#define RING 3

typedef struct {
    _Alignas(LINE) union {
        pthread_mutex_t robust;
        _Atomic uint32_t word;
    };
} mutex;

typedef struct {
    mutex mutexes[RING];
    _Alignas(LINE) int64_t released_at; /* the rest is accessed by the owner only */
    int64_t steps;
    int64_t sections;
    _Alignas(LINE) _Atomic int go; /* number of the phase; negative to exit */
    _Atomic int64_t taken[WORKERS];
    _Atomic int ready;
    _Atomic int64_t acquired_at;
} shared_page;

static shared_page *page;
static int is_robust;

/* --- The two kinds ---------------------------------------------------------------------------------------------------- */

static void create(mutex *m) {
    pthread_mutexattr_t attributes;
    if (!is_robust) return;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&m->robust, &attributes);
}

/* Acquires and returns whether the previous owner died. */
static inline int acquire(mutex *m) {
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
    if (is_robust)
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

static void contend(int worker) {
    for (int phase = 1;; phase++) {
        int go;
        while ((go = atomic_load(&page->go)) < phase && go >= 0) usleep(100);
        if (go < 0) _exit(0);
        int64_t start = now_nanos(), taken = 0;
        while (now_nanos() - start < PHASE_NANOS) {
            acquire(&page->mutexes[0]);
            int64_t sections = page->sections;
            spin_nanos(SECTION_NANOS);
            page->sections = sections + 1;
            release(&page->mutexes[0]);
            taken++;
        }
        atomic_fetch_add(&page->taken[worker], taken);
        atomic_fetch_add(&page->ready, 1);
    }
}

static double four_processes(samples *per_second) {
    pid_t workers[WORKERS];
    int64_t sum = 0, warm_up = 0, least = INT64_MAX, base[WORKERS] = {0};
    for (int i = 0; i < WORKERS; i++)
        if (!(workers[i] = fork_worker())) contend(i);
    int phases = 1 + (int)((measure_nanos(1) + PHASE_NANOS - 1) / PHASE_NANOS);
    for (int phase = 1; phase <= phases; phase++) {
        int64_t before = page->sections;
        atomic_store(&page->go, phase);
        while (atomic_load(&page->ready) < phase * WORKERS) usleep(1000);
        if (phase > 1) {
            add_sample(per_second, (page->sections - before) * 1e9 / PHASE_NANOS);
        } else {
            warm_up = page->sections;
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
    expect("sections passed", sum + warm_up, page->sections);
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
