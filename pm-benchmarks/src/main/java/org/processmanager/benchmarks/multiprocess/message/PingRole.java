package org.processmanager.benchmarks.multiprocess.message;

import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.Result;
import org.processmanager.benchmarks.multiprocess.Samples;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.worker.Role;

/** Sends messages and measures the time until their echoes arrive. */
final class PingRole implements Role, Sink {
    private static final int MAX_SAMPLES = 1 << 21;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Transport there;
    private final Transport back;
    private final boolean blocking;
    private final Samples roundTrips = new Samples(MAX_SAMPLES);
    private Sender sender;
    private Receiver receiver;
    private long echoed;

    PingRole(Transport there, Transport back, Params settings) {
        this.there = there;
        this.back = back;
        this.blocking = settings.text("mode").equals("blocking");
    }

    @Override
    public Params perform(Params command) throws Exception {
        if (command.text("do").equals("open")) {
            sender = there.sender(0);
            receiver = back.receiver(0);
            return Params.of();
        }
        String variant = command.text("variant");
        int flight = command.number("flight", 1);
        return Result.of(variant, ping(command.longNumber("nanos"), flight, there.idle(variant)))
                .toParams();
    }

    private Samples ping(long nanos, int flight, Idle idle) throws Exception {
        roundTrips.clear();
        boolean pauses = blocking && flight == 1;
        long start = System.nanoTime();
        long now = start;
        for (long sequence = 0; now - start < nanos && roundTrips.count() < MAX_SAMPLES; sequence += flight) {
            long sentAt = pauses ? pauseFrom(now) : now;
            roundTrip(Message.head(0, sequence), flight, idle);
            now = System.nanoTime();
            roundTrips.add(blocking ? (now - sentAt) / 1e3 : now - sentAt);
        }
        while (!sender.offerEnd()) {
            idle.idle();
        }
        return roundTrips;
    }

    private static long pauseFrom(long start) {
        long now = start;
        while (now - start < PAUSE_NANOS) {
            Thread.onSpinWait();
            now = System.nanoTime();
        }
        return now;
    }

    private void roundTrip(long firstHead, int flight, Idle idle) throws Exception {
        for (int i = 0; i < flight; i++) {
            while (!sender.offer(firstHead + i)) {
                idle.idle();
            }
        }
        idle.reset();
        for (int i = 0; i < flight; i++) {
            while (receiver.poll(this, 1) == 0) {
                idle.idle();
            }
            expectEcho(firstHead + i);
        }
        idle.reset();
    }

    private void expectEcho(long head) {
        if (echoed != head) {
            throw new VerificationException(
                    "sent " + Long.toHexString(head) + ", the echo was " + Long.toHexString(echoed));
        }
    }

    @Override
    public void accept(long head, long tail) {
        echoed = tail == Message.tail(head) ? head : ~head;
    }

    @Override
    public void close() throws Exception {
        if (sender != null) {
            sender.close();
        }
        if (receiver != null) {
            receiver.close();
        }
    }
}
