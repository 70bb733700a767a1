/*
 * The limit of launching: posix_spawn and waitpid of a program that does nothing. Microseconds on one thread, launches per
 * second on several. Options: millis, threads, idle-children (their number), idler (their program), scratch (a directory),
 * heap-gib (touched memory).
 */
#include "bench.h"
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/stat.h>

#define PHASE_NANOS 100000000LL
#define MAX_WARM_UP_NANOS 100000000LL /* a JVM needs more */
#define SETTLE_MICROS 300000 /* until the last of many children waits */
extern char **environ;

static posix_spawn_file_actions_t silent;

static pid_t spawn(char *const command[], posix_spawn_file_actions_t *actions) {
    pid_t pid;
    int error = posix_spawn(&pid, command[0], actions, NULL, command, environ);
    if (error) fail("posix_spawn of %s: %s", command[0], strerror(error));
    return pid;
}

static void launch(void) {
    static char *const command[] = {"/bin/true", NULL};
    int status;
    pid_t pid = spawn(command, &silent);
    check(waitpid(pid, &status, 0), "waitpid");
    expect("exit status of /bin/true", 0, status);
}

static void launches(int64_t nanos, samples *micros) {
    int64_t start = now_nanos(), now = start;
    do {
        int64_t before = now;
        launch();
        now = now_nanos();
        if (micros) add_sample(micros, (now - before) / 1e3);
    } while (now - start < nanos);
}

static void *launch_for_a_phase(void *count) {
    int64_t start = now_nanos();
    do {
        launch();
        ++*(int64_t *)count;
    } while (now_nanos() - start < PHASE_NANOS);
    return NULL;
}

static double launches_per_second(int threads) {
    pthread_t thread[threads];
    int64_t count[threads], sum = 0, start = now_nanos();
    memset(count, 0, sizeof count);
    for (int i = 0; i < threads; i++) pthread_create(&thread[i], NULL, launch_for_a_phase, &count[i]);
    for (int i = 0; i < threads; i++) {
        pthread_join(thread[i], NULL);
        sum += count[i];
    }
    return sum * 1e9 / (now_nanos() - start);
}

/* They read a FIFO whose other end only this program has open, so they exit with it. */
static int start_idle_children(int count, pid_t children[]) {
    char fifo[4096];
    char *command[] = {(char *)text_option("idler", "/bin/cat"), fifo, NULL};
    snprintf(fifo, sizeof fifo, "%s/idle", text_option("scratch", NULL));
    check(mkfifo(fifo, 0600), "mkfifo");
    int other_end = check(open(fifo, O_RDWR | O_CLOEXEC), "open");
    for (int i = 0; i < count; i++) children[i] = spawn(command, &silent);
    usleep(SETTLE_MICROS);
    return other_end;
}

static void expect_alive(int count, pid_t children[]) {
    for (int i = 0; i < count; i++)
        if (waitpid(children[i], NULL, WNOHANG)) fail("an idle child exited by itself");
}

static void end_idle_children(int count, pid_t children[], int other_end) {
    int status;
    close(other_end);
    for (int i = 0; i < count; i++) {
        check(waitpid(children[i], &status, 0), "waitpid");
        expect("exit status of an idle child", 0, status);
    }
}

static void *touch_one_gibibyte(void *heap) {
    for (size_t i = 0; i < (size_t)1 << 30; i += 4096) ((char *)heap)[i] = 1;
    return NULL;
}

/* In parallel, as this takes long. */
static void touch(int64_t gibibytes) {
    size_t bytes = (size_t)gibibytes << 30;
    if (!bytes) return;
    pthread_t threads[gibibytes];
    char *heap = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (heap == MAP_FAILED) fail("cannot map %lld GiB of memory", (long long)gibibytes);
    for (int i = 0; i < gibibytes; i++)
        pthread_create(&threads[i], NULL, touch_one_gibibyte, heap + ((size_t)i << 30));
    for (int i = 0; i < gibibytes; i++) pthread_join(threads[i], NULL);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    int threads = number_option("threads", 1), idle_children = number_option("idle-children", 0), other_end = -1;
    pid_t idle[idle_children + 1];
    samples measured = {0};
    touch(number_option("heap-gib", 0));
    posix_spawn_file_actions_init(&silent);
    posix_spawn_file_actions_addopen(&silent, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&silent, 2, "/dev/null", O_WRONLY, 0);
    if (idle_children) other_end = start_idle_children(idle_children, idle);
    while (next_round()) {
        int64_t warm_up = warm_up_nanos(1);
        launches(warm_up < MAX_WARM_UP_NANOS ? warm_up : MAX_WARM_UP_NANOS, NULL);
        double cpu = cpu_seconds(RUSAGE_SELF);
        measured.count = 0;
        if (threads == 1) {
            launches(measure_nanos(1), &measured);
        } else {
            for (int64_t spent = 0; spent < measure_nanos(1); spent += PHASE_NANOS)
                add_sample(&measured, launches_per_second(threads));
        }
        expect_alive(idle_children, idle);
        report("", &measured, cpu_seconds(RUSAGE_SELF) - cpu, threads, -1);
    }
    if (idle_children) end_idle_children(idle_children, idle, other_end);
    return verified();
}
