/*
 * Code shared by the programs: options as name=value, samples, and the protocol of the runner ("@pm ...", see the class
 * Results of the benchmarks). Each program is one file that includes this one; "cc -O2 -pthread program.c".
 */
#ifndef BENCH_H
#define BENCH_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <signal.h>

#define MAX_POINTS 1000
#define WARM_UP 0.4
#define LINE 128 /* two cache lines: neighbours are fetched in pairs */

static inline int64_t now_nanos(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

/* Spins for a while and returns the time at the end. */
static inline int64_t spin_nanos(int64_t nanos) {
    int64_t start = now_nanos(), now = start;
    while (now - start < nanos) {
        relax();
        now = now_nanos();
    }
    return now;
}

/* --- Errors --------------------------------------------------------------------------------------------------------- */

__attribute__((noreturn, format(printf, 1, 2))) static inline void fail(const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s\n", text);
    for (char *c = text; *c; c++)
        if (*c == ' ') *c = '+';
        else if (*c == '+' || *c == '%' || *c == '=') *c = '.';
    printf("@pm failed text=%s\n", text);
    fflush(stdout);
    _exit(1);
}

static inline int check(int result, const char *what) {
    if (result < 0) fail("%s: %s", what, strerror(errno));
    return result;
}

static inline void expect(const char *what, int64_t expected, int64_t actual) {
    if (expected != actual) fail("%s: expected %lld, got %lld", what, (long long)expected, (long long)actual);
}

/* --- Options -------------------------------------------------------------------------------------------------------- */

static int option_count;
static char **options;

static inline void read_options(int argc, char **argv) {
    option_count = argc;
    options = argv;
}

static inline const char *text_option(const char *name, const char *otherwise) {
    size_t length = strlen(name);
    for (int i = 1; i < option_count; i++)
        if (!strncmp(options[i], name, length) && options[i][length] == '=') return options[i] + length + 1;
    if (!otherwise) fail("missing option %s", name);
    return otherwise;
}

static inline int64_t number_option(const char *name, int64_t otherwise) {
    const char *text = text_option(name, "");
    return *text ? atoll(text) : otherwise;
}

static int64_t round_millis; /* of this round, if the program stays for all rounds */

static inline int64_t millis_to_spend(void) {
    return round_millis ? round_millis : number_option("millis", 1000);
}

static inline int64_t warm_up_nanos(int variants) {
    return (int64_t)(millis_to_spend() * 1e6 * WARM_UP / variants);
}

static inline int64_t measure_nanos(int variants) {
    return (int64_t)(millis_to_spend() * 1e6 * (1 - WARM_UP) / variants);
}

/* --- Memory and processes ------------------------------------------------------------------------------------------- */

/* Returns zeroed memory that is shared with children. */
static inline void *shared_memory(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) fail("mmap of %zu bytes: %s", bytes, strerror(errno));
    return memory;
}

/* Forks a child that is killed when its parent exits. */
static inline pid_t fork_worker(void) {
    fflush(stdout);
    pid_t pid = check(fork(), "fork");
    if (pid == 0) prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pid;
}

static inline void await_worker(pid_t pid) {
    int status;
    check(waitpid(pid, &status, 0), "waitpid");
    expect("exit status of a worker", 0, status);
}

/* --- Resource usage ------------------------------------------------------------------------------------------------- */

static inline double cpu_seconds(int target) {
    struct rusage usage;
    getrusage(target, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Not ru_maxrss, which a process inherits through exec. */
static inline double peak_rss_bytes(void) {
    char line[128];
    double kibibytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %lf", &kibibytes) == 1) break;
    if (status) fclose(status);
    return kibibytes * 1024;
}

/* --- Samples and the lines that report them -------------------------------------------------------------------------- */

typedef struct {
    double *values;
    size_t count, capacity;
} samples;

static inline void add_sample(samples *s, double value) {
    if (s->count == s->capacity) {
        s->capacity = s->capacity ? 2 * s->capacity : 1 << 16;
        s->values = realloc(s->values, s->capacity * sizeof *s->values);
        if (!s->values) fail("no memory for samples");
    }
    s->values[s->count++] = value;
}

static inline int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints a result; a negative figure was not measured. */
static inline void report(const char *variant, samples *s, double cpu, int threads, double share) {
    double sum = 0;
    if (!s->count) fail("no samples");
    for (size_t i = 0; i < s->count; i++) sum += s->values[i];
    qsort(s->values, s->count, sizeof *s->values, compare_doubles);
    printf("@pm result variant=%s count=%zu mean=%.9g rss=%.0f threads=%d", variant, s->count, sum / s->count,
           peak_rss_bytes(), threads);
    if (cpu >= 0) printf(" cpu=%.6f", cpu);
    if (share >= 0) printf(" share=%.6f", share);
    printf(" points=");
    size_t points = s->count < MAX_POINTS ? s->count : MAX_POINTS;
    for (size_t i = 0; i < points; i++)
        printf(i ? ",%.9g" : "%.9g", s->values[points == s->count ? i : i * (s->count - 1) / (points - 1)]);
    printf("\n");
}

static inline int verified(void) {
    printf("@pm verified\n");
    fflush(stdout);
    return 0;
}

/* Returns whether another round is to run: one without the option "stays", otherwise one for each line of the input. */
static inline int next_round(void) {
    static int begun;
    char order[128];
    if (!number_option("stays", 0)) return !begun++;
    if (begun++) {
        verified();
    } else {
        printf("@pm ready\n");
        fflush(stdout);
    }
    return fgets(order, sizeof order, stdin) && sscanf(order, "millis=%" SCNd64, &round_millis) == 1;
}

#endif
