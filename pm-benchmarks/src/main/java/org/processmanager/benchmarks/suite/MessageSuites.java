package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.RingProgram;
import org.processmanager.benchmarks.multiprocess.message.RoundTripProgram;

/** Messages between processes. */
final class MessageSuites {
    private static final int CAPACITY_BYTES = 1 << 20;
    private static final int SINGLE = 1;
    private static final int BATCH = 32;
    private static final String QUEUE = "queue_benchmark.py";

    private MessageSuites() {}

    static Suite buffer() {
        Candidates candidates = Candidates.of(RingProgram.class)
                .ours("ours", "SharedBufferTransport")
                .ours("ours-textbook", "TextbookBufferTransport")
                .jdk("file-lock", "FileLockBuffer")
                .jdk("array-blocking-queue", "BlockingQueueTransport")
                .python("python-multiprocessing", QUEUE);
        return new Suite(
                "buffer",
                "a bounded buffer between processes",
                List.of(Case.of(
                        "two-to-two-64",
                        "two producers, two consumers, 64 bytes",
                        Unit.MILLIONS_PER_SECOND,
                        params(2, 2, 64, SINGLE, "throughput"),
                        candidates.list())));
    }

    static Suite ring() {
        return new Suite(
                "ring",
                "messages between processes",
                List.of(
                        ring("one-to-one-64-single", "64 bytes, one by one", 1, 1, 64, SINGLE),
                        ring("one-to-one-64-batch", "64 bytes, in batches of " + BATCH, 1, 1, 64, BATCH),
                        ring("one-to-one-256-single", "256 bytes, one by one", 1, 1, 256, SINGLE),
                        ring("three-to-one-64-single", "three senders, 64 bytes, one by one", 3, 1, 64, SINGLE),
                        ring(
                                "three-to-one-64-batch",
                                "three senders, 64 bytes, in batches of " + BATCH,
                                3,
                                1,
                                64,
                                BATCH),
                        ring(
                                "two-to-two-64-single",
                                "two senders, two receivers, each message to one of them, 64 bytes, one by one",
                                2,
                                2,
                                64,
                                SINGLE)));
    }

    private static Case ring(String name, String title, int senders, int receivers, int bytes, int batch) {
        Candidates candidates = receivers == 1 ? toOne(senders) : toSeveral();
        return Case.of(
                name,
                title,
                Unit.MILLIONS_PER_SECOND,
                params(senders, receivers, bytes, batch, "throughput"),
                candidates.list());
    }

    private static Candidates toOne(int senders) {
        Candidates candidates = Candidates.of(RingProgram.class);
        candidates = candidates
                .channel("ours", "mapped")
                .channel("ours-unix", "unix")
                .channel("ours-fifo", "fifo");
        return peers(candidates, senders == 1 ? "agrona-one-to-one" : "agrona-many-to-one")
                .python("python-multiprocessing", QUEUE)
                .c("c-ring", "ring");
    }

    private static Candidates toSeveral() {
        String broadcast = "every receiver gets every message";
        String oneReceiver = "it has one receiver";
        return Candidates.of(RingProgram.class)
                .channel("ours", "mapped")
                .absent("ours-unix", oneReceiver)
                .absent("ours-fifo", oneReceiver)
                .absent("agrona-many-to-one", oneReceiver)
                .absent("aeron-ipc", broadcast)
                .absent("chronicle-queue", broadcast)
                .peer("jctools", Peer.JCTOOLS, "jctools.JctoolsTransport")
                .absent("disruptor", broadcast + "; its worker pool ended with 3.x")
                .jdk("array-blocking-queue", "BlockingQueueTransport")
                .peer("jeromq", Peer.JEROMQ, "jeromq.JeromqTransport")
                .jdk("unix-socket", "UnixSocketTransport")
                .jdk("pipe", "PipeTransport")
                .python("python-multiprocessing", QUEUE)
                .absent("c-ring", oneReceiver);
    }

    private static Candidates peers(Candidates candidates, String agrona) {
        return candidates
                .peer(agrona, Peer.AGRONA, "agrona.AgronaTransport")
                .peer("aeron-ipc", Peer.AERON, "aeron.AeronTransport")
                .peer("chronicle-queue", Peer.CHRONICLE, "chronicle.ChronicleTransport")
                .peer("jctools", Peer.JCTOOLS, "jctools.JctoolsTransport")
                .peer("disruptor", Peer.DISRUPTOR, "disruptor.DisruptorTransport")
                .jdk("array-blocking-queue", "BlockingQueueTransport")
                .peer("jeromq", Peer.JEROMQ, "jeromq.JeromqTransport")
                .jdk("unix-socket", "UnixSocketTransport")
                .jdk("pipe", "PipeTransport");
    }

    static Suite roundTrip() {
        String sleeps = "blocks in the kernel: see the case blocking";
        String spins = "cannot block: see the case spinning";
        return new Suite(
                "round-trip",
                "a message of 64 bytes and its echo",
                List.of(
                        roundTrip(
                                "spinning",
                                "without pauses",
                                Unit.NANOSECONDS,
                                echoers()
                                        .c("c-ring", "ring")
                                        .c("c-shared-line", "round_trip", "kind", "shared-line")
                                        .absent("c-futex", sleeps)
                                        .absent("c-pipe", sleeps)),
                        roundTrip(
                                "blocking",
                                "with pauses of 100 us, so that the other side sleeps",
                                Unit.MICROSECONDS,
                                echoers()
                                        .absent("c-ring", spins)
                                        .absent("c-shared-line", spins)
                                        .c("c-futex", "round_trip", "kind", "futex")
                                        .c("c-pipe", "round_trip", "kind", "pipe"))));
    }

    private static Candidates echoers() {
        Candidates candidates = Candidates.of(RoundTripProgram.class)
                .channel("ours", "mapped")
                .channel("ours-unix", "unix")
                .channel("ours-fifo", "fifo");
        return peers(candidates, "agrona-one-to-one").python("python-multiprocessing", QUEUE);
    }

    private static Case roundTrip(String mode, String title, Unit unit, Candidates candidates) {
        return Case.of(mode, title, unit, params(1, 1, 64, SINGLE, mode), candidates.list())
                .measureTime(MeasureTime.OF_ROUND_TRIPS);
    }

    static Params params(int senders, int receivers, int bytes, int batch, String mode) {
        return Params.of(
                "senders", senders,
                "receivers", receivers,
                "bytes", bytes,
                "batch", batch,
                "capacity", CAPACITY_BYTES,
                "mode", mode);
    }
}
