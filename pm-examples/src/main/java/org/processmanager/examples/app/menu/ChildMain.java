package org.processmanager.examples.app.menu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.core.thread.TerminationReport;
import org.processmanager.core.thread.ThreadSnapshot;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.OpenMode;

/**
 * A managed child: a process of its own with threads of its own, told by its parent what to do. It ends when it is told to,
 * and when its parent is gone, which it learns from the end of its standard input; then it deletes the channels, since
 * nobody else is left to.
 */
public final class ChildMain {
    private static final int ABANDONED = 3;
    private static final Duration REPLY_BOUND = Duration.ofSeconds(10);
    private static final long END_BOUND_SECONDS = 10;

    private final MessageReceiver commands;
    private final MessageSender replies;
    private final ManagedThreads threads = ManagedThreads.create();

    private ChildMain(MessageReceiver commands, MessageSender replies) {
        this.commands = commands;
        this.replies = replies;
    }

    /**
     * Does what it is told.
     *
     * @param args the channel of the commands, that of the replies, the file of the event log
     */
    public static void main(String[] args) throws InterruptedException {
        Channel commands = new Channel(args[0]);
        Channel replies = new Channel(args[1]);
        try (MessageReceiver from = Ipc.receiver(commands.endpoint(), OpenMode.OPEN_EXISTING);
                MessageSender to = Ipc.sender(replies.endpoint(), OpenMode.OPEN_EXISTING)) {
            Thread watch = new Thread(() -> awaitEndOfParent(from), "parent");
            watch.setDaemon(true);
            watch.start();
            ChildMain child = new ChildMain(from, to);
            child.threads.addListener(EventLog.at(Path.of(args[2])));
            boolean told = child.run();
            child.threads.close();
            if (!told) {
                commands.delete();
                replies.delete();
            }
        }
    }

    /** Replies to commands until it is told to end; false if there is nobody any more to tell it. */
    private boolean run() throws InterruptedException {
        reply(ChildMessage.of(ChildMessage.READY, ChildMessage.OK));
        while (true) {
            byte[] text;
            try {
                text = commands.receive();
            } catch (IllegalStateException e) {
                return false; // closed by the watch
            }
            if (text == null) {
                return false;
            }
            ChildMessage command = ChildMessage.decode(new String(text, StandardCharsets.UTF_8));
            reply(answer(command));
            if (command.word().equals(ChildMessage.EXIT)) {
                return true;
            }
        }
    }

    private ChildMessage answer(ChildMessage command) throws InterruptedException {
        try {
            return new ChildMessage(command.number(), ChildMessage.OK, execute(command));
        } catch (IllegalArgumentException e) {
            String reason = Objects.requireNonNullElse(e.getMessage(), e.toString());
            return ChildMessage.of(command.number(), ChildMessage.REFUSED, reason);
        }
    }

    private List<List<String>> execute(ChildMessage command) throws InterruptedException {
        switch (command.word()) {
            case ChildMessage.CREATE:
                ThreadSnapshot started = Ticker.start(threads, command.field()).snapshot();
                return List.of(List.of(ThreadText.started(started)));
            case ChildMessage.LIST:
                return threads.list().stream().map(ThreadText::row).toList();
            case ChildMessage.STOP:
                TerminationReport report =
                        ThreadEntries.find(threads, command.field()).terminate(ThreadEntries.TERMINATE_BOUND);
                return ThreadText.ended(report).lines().map(List::of).toList();
            case ChildMessage.EXIT:
                return List.of();
            default:
                throw new IllegalArgumentException(
                        "command: " + command.word() + " (expected: create, list, stop, exit)");
        }
    }

    /** A list that is longer than a message loses its last rows, and says so. */
    private void reply(ChildMessage reply) throws InterruptedException {
        ByteBuffer message = Codec.utf8().encode(reply.encode());
        List<List<String>> rows = new ArrayList<>(reply.rows());
        int left = rows.size();
        while (message.remaining() > replies.maxMessageBytes()) {
            left /= 2;
            List<List<String>> shown = new ArrayList<>(rows.subList(0, left));
            shown.add(List.of("and " + (rows.size() - left) + " more", "", "", "", ""));
            message = Codec.utf8().encode(new ChildMessage(reply.number(), reply.word(), shown).encode());
        }
        if (replies.send(message, REPLY_BOUND) != SendStatus.SENT) {
            System.err.println("the parent did not receive a reply within " + REPLY_BOUND);
        }
    }

    /** Nothing is ever written to the standard input: that it ends is all that it says. */
    private static void awaitEndOfParent(MessageReceiver commands) {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            // as good as its end
        }
        commands.close();
        try {
            TimeUnit.SECONDS.sleep(END_BOUND_SECONDS); // the others are to tidy up; it is the JVM that ends this thread
        } catch (InterruptedException e) {
            // nobody does that
        }
        Runtime.getRuntime().halt(ABANDONED);
    }
}
