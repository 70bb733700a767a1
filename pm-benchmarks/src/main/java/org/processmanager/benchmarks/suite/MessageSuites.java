package org.processmanager.benchmarks.suite;

import java.util.List;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.message.RingProgram;
import org.processmanager.benchmarks.fork.message.RoundTripProgram;

/** Messages between processes. */
final class MessageSuites {
    private static final int CAPACITY_BYTES = 1 << 20;
    private static final int SINGLE = 1;
    private static final int BATCH = 32;
    private static final String OURS = "MappedChannelTransport";
    private static final String QUEUE = "queue_benchmark.py";

    private MessageSuites() {}

    static Suite buffer() {
        Lineup lineup = Lineup.of(RingProgram.class)
                .ours("ours", "OurBuffer")
                .ours("ours-textbook", "OurTextbookBuffer")
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
                        fields(2, 2, 64, SINGLE, "throughput"),
                        lineup.list())));
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
        Lineup lineup = receivers == 1 ? toOne(senders) : toSeveral();
        return Case.of(
                name,
                title,
                Unit.MILLIONS_PER_SECOND,
                fields(senders, receivers, bytes, batch, "throughput"),
                lineup.list());
    }

    private static Lineup toOne(int senders) {
        Lineup lineup = Lineup.of(RingProgram.class);
        lineup = senders == 1 ? lineup.ours("ours", OURS) : lineup.absent("ours", Lineup.NOT_BUILT);
        return peers(lineup, senders == 1 ? "agrona-one-to-one" : "agrona-many-to-one")
                .python("python-multiprocessing", QUEUE)
                .c("c-ring", "ring");
    }

    private static Lineup toSeveral() {
        String everybody = "every receiver gets every message";
        String oneReceiver = "it has one receiver";
        return Lineup.of(RingProgram.class)
                .absent("ours", Lineup.NOT_BUILT)
                .absent("agrona-many-to-one", oneReceiver)
                .absent("aeron-ipc", everybody)
                .absent("chronicle-queue", everybody)
                .peer("jctools", Peer.JCTOOLS, "jctools.JctoolsTransport")
                .absent("disruptor", everybody + "; its worker pool ended with 3.x")
                .jdk("array-blocking-queue", "BlockingQueueTransport")
                .peer("jeromq", Peer.JEROMQ, "jeromq.JeromqTransport")
                .jdk("unix-socket", "UnixSocketTransport")
                .jdk("pipe", "PipeTransport")
                .python("python-multiprocessing", QUEUE)
                .absent("c-ring", oneReceiver);
    }

    private static Lineup peers(Lineup lineup, String agrona) {
        return lineup.peer(agrona, Peer.AGRONA, "agrona.AgronaTransport")
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
        String sleeps = "sleeps in the kernel: see the case blocking";
        String spins = "cannot sleep: see the case spinning";
        return new Suite(
                "round-trip",
                "a message of 64 bytes and its echo",
                List.of(
                        roundTrip(
                                "spinning",
                                "as fast as it goes",
                                Unit.NANOSECONDS,
                                echoers()
                                        .c("c-ring", "ring")
                                        .c("c-shared-line", "round_trip", "kind", "shared-line")
                                        .absent("c-futex", sleeps)
                                        .absent("c-pipe", sleeps)),
                        roundTrip(
                                "blocking",
                                "with 100 us between, so that the other side sleeps",
                                Unit.MICROSECONDS,
                                echoers()
                                        .absent("c-ring", spins)
                                        .absent("c-shared-line", spins)
                                        .c("c-futex", "round_trip", "kind", "futex")
                                        .c("c-pipe", "round_trip", "kind", "pipe"))));
    }

    private static Lineup echoers() {
        Lineup lineup = Lineup.of(RoundTripProgram.class).ours("ours", OURS);
        return peers(lineup, "agrona-one-to-one").python("python-multiprocessing", QUEUE);
    }

    private static Case roundTrip(String mode, String title, Unit unit, Lineup lineup) {
        return Case.of(mode, title, unit, fields(1, 1, 64, SINGLE, mode), lineup.list())
                .span(Span.OF_ROUND_TRIPS);
    }

    static Fields fields(int senders, int receivers, int bytes, int batch, String mode) {
        return Fields.of(
                "senders", senders,
                "receivers", receivers,
                "bytes", bytes,
                "batch", batch,
                "capacity", CAPACITY_BYTES,
                "mode", mode);
    }
}
