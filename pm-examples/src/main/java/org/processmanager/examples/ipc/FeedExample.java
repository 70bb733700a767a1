package org.processmanager.examples.ipc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Claim;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.ReceiverEvictedException;

/**
 * A feed of quotes, written in place in shared memory, to three processes. One takes part in everything and the sender waits for
 * it; one may miss quotes, which are counted; one that lags too far is evicted.
 */
public final class FeedExample {
    private static final int QUOTES = 5_000;
    private static final int QUOTE_BYTES = 64;
    private static final Pattern JOINED = Pattern.compile("^joined$");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(20);

    private FeedExample() {}

    /** Sends the feed and prints the lags; with an endpoint and a pause, is a receiver. */
    public static void main(String[] args) throws Exception {
        if (args.length == 2) {
            receive(args[0], Duration.ofNanos(Long.parseLong(args[1])));
            return;
        }
        Path file = Files.createTempDirectory("pm-example-").resolve("feed");
        String feed = "mapped:" + file + "?mode=broadcast";
        try (ProcessManager manager = ProcessManager.create();
                MessageSender sender = Ipc.sender(feed + "&receivers=3")) {
            List<ManagedProcess> receivers = new ArrayList<>();
            receivers.add(start(manager, feed + "&policy=block", 0));
            receivers.add(start(manager, feed + "&policy=dropOldest", 20_000));
            receivers.add(start(manager, feed + "&policy=evict&lag=16k", 1_000_000));
            for (ManagedProcess receiver : receivers) { // a receiver gets what is sent after it joined
                receiver.awaitLine(JOINED, PATIENCE).orElseThrow();
            }
            send(sender);
            sender.close();
            for (ManagedProcess receiver : receivers) {
                System.out.print(ChildJava.awaitSuccess(receiver).stdoutText());
            }
        } finally {
            Ipc.delete(feed);
            Files.deleteIfExists(file.getParent());
        }
    }

    private static ManagedProcess start(ProcessManager manager, String endpoint, long pauseNanos) {
        return ChildJava.command(manager, FeedExample.class, endpoint, Long.toString(pauseNanos))
                .start();
    }

    private static void send(MessageSender sender) throws InterruptedException {
        long reported = System.nanoTime();
        for (int i = 0; i < QUOTES; i++) {
            try (Claim quote = sender.claim(QUOTE_BYTES)) { // blocks while the first receiver is behind
                quote.buffer().putInt(0, i);
                quote.commit();
            }
            if (System.nanoTime() - reported > BETWEEN_REPORTS.toNanos()) {
                System.out.println("after " + (i + 1) + " quotes: " + lags(sender.snapshot()));
                reported = System.nanoTime();
            }
        }
    }

    private static String lags(ChannelSnapshot channel) {
        return channel.peers().stream()
                .filter(peer -> peer.role() == Role.RECEIVER)
                .map(peer -> "pid " + peer.pid() + " lags " + peer.lagBytes() + " B, missed " + peer.missedMessages())
                .collect(Collectors.joining("; "));
    }

    private static void receive(String endpoint, Duration pause) throws InterruptedException {
        AtomicLong received = new AtomicLong();
        try (MessageReceiver receiver = Ipc.receiver(endpoint)) {
            System.out.println("joined");
            try {
                receiver.forEach((buffer, offset, length) -> {
                    received.incrementAndGet();
                    LockSupport.parkNanos(pause.toNanos());
                });
                System.out.println(
                        received + " received, " + receiver.snapshot().missedMessages() + " missed");
            } catch (ReceiverEvictedException e) {
                System.out.println("evicted");
            }
        }
    }
}
