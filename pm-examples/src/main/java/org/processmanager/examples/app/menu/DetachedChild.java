package org.processmanager.examples.app.menu;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.Ready;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.Requester;
import org.processmanager.sync.OpenMode;

/**
 * A managed child JVM that other processes reach by two channels in a directory. Any number of processes can send requests:
 * each opens the channels for one request, and waits for its turn. Every wait is bounded. Not thread-safe.
 */
public final class DetachedChild {
    /** The line of a child that is ready. */
    static final String READY = "ready";

    static final String END_NEVER = "?end=never";

    private static final Duration REPLY_BOUND = Duration.ofSeconds(5);
    private static final Duration READY_BOUND = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 5;

    private final String name;
    private final Path directory;

    /**
     * Creates the access to a child.
     *
     * @param name its name in messages
     * @param directory the directory of its channels
     */
    public DetachedChild(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    /**
     * Returns a command that starts a child, which is ready when it can be reached.
     *
     * @param directory the directory of its channels
     * @param log where it logs its events
     */
    public static Command command(ProcessManager manager, Path directory, Path log) {
        return ChildJava.command(manager, DetachedChildMain.class, directory.toString(), log.toString())
                .ready(Ready.line(READY), READY_BOUND);
    }

    /** Returns whether a command line starts such a child. */
    public static boolean isStartedBy(List<String> commandLine) {
        return commandLine.contains(DetachedChildMain.class.getName());
    }

    static String requests(Path directory) {
        return Endpoint.of("mapped", directory.resolve("requests")).toString();
    }

    static String replies(Path directory) {
        return Endpoint.of("mapped", directory.resolve("replies")).toString();
    }

    /**
     * Creates a thread in it.
     *
     * @return the answer, by lines
     * @throws IllegalArgumentException if it refuses
     * @throws IllegalStateException if it has ended, or does not answer in time
     */
    public List<String> createThread(String thread) throws InterruptedException {
        return lines(call(ChildMessage.CREATE, thread));
    }

    /** Stops a thread in it; otherwise as {@link #createThread}. */
    public List<String> stopThread(String thread) throws InterruptedException {
        return lines(call(ChildMessage.STOP, thread));
    }

    /** Returns its threads; otherwise as {@link #createThread}. */
    public List<ThreadRow> threads() throws InterruptedException {
        return call(ChildMessage.LIST).rows().stream().map(ThreadRow::new).toList();
    }

    /**
     * A thread of a child, as text.
     *
     * @param fields name, Java id, native id, state and processor time
     */
    public record ThreadRow(List<String> fields) {
        /** The titles of the fields in a table. */
        public static final List<String> TITLES = ThreadText.TITLES;
    }

    /** Shows its menu until the user leaves it, or the child has ended. */
    public void showMenu(Dialog dialog, CompletableFuture<?> end) throws InterruptedException {
        new ChildMenu(dialog.until(end), name, this::call).run();
    }

    private static List<String> lines(ChildMessage reply) {
        return reply.rows().stream().map(row -> row.get(0)).toList();
    }

    private ChildMessage call(String word, String... fields) throws InterruptedException {
        byte[] request = ChildMessage.of(1, word, fields).encode().getBytes(StandardCharsets.UTF_8);
        long end = System.nanoTime() + REPLY_BOUND.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            try (Requester requester = requester()) {
                byte[] answer = requester.request(request, left);
                if (answer == null) {
                    throw silent();
                }
                ChildMessage reply = ChildMessage.decode(new String(answer, StandardCharsets.UTF_8));
                if (reply.word().equals(ChildMessage.REFUSED)) {
                    throw new IllegalArgumentException(reply.field());
                }
                return reply;
            } catch (ChannelBusyException e) { // another process asks
                if (left.isZero()) {
                    throw silent();
                }
                Thread.sleep(PAUSE_MILLIS);
            } catch (ChannelException e) {
                throw new IllegalStateException(name + " cannot be reached: " + e.getMessage(), e);
            }
        }
    }

    private Requester requester() {
        MessageSender sender = Ipc.sender(requests(directory), OpenMode.OPEN_EXISTING);
        try {
            return new Requester(sender, Ipc.receiver(replies(directory), OpenMode.OPEN_EXISTING));
        } catch (RuntimeException e) {
            sender.close();
            throw e;
        }
    }

    private IllegalStateException silent() {
        return new IllegalStateException(
                name + " does not answer within " + REPLY_BOUND.toSeconds() + " s; it may be suspended");
    }
}
