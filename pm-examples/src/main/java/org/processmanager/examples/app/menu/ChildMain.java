package org.processmanager.examples.app.menu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.OpenMode;

/**
 * A managed child: a process with threads of its own that executes the commands of its parent. It exits on command, and when
 * its parent has exited, which it detects by the end of its standard input. In that case it deletes the channels.
 */
public final class ChildMain {
    private static final int ABANDONED = 3;
    private static final Duration REPLY_BOUND = Duration.ofSeconds(10);
    private static final long END_BOUND_SECONDS = 10;

    private final MessageReceiver commands;
    private final MessageSender replies;
    private final ManagedThreads threads = ManagedThreads.create();
    private final ChildThreads answers = new ChildThreads(threads);

    private ChildMain(MessageReceiver commands, MessageSender replies) {
        this.commands = commands;
        this.replies = replies;
    }

    /**
     * Executes commands until the end.
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
            boolean commanded = child.run();
            child.threads.close();
            if (!commanded) {
                commands.delete();
                replies.delete();
            }
        }
    }

    /** Replies to commands until the one to exit; returns false if the parent has exited without it. */
    private boolean run() throws InterruptedException {
        reply(ChildMessage.of(ChildMessage.READY, ChildMessage.OK));
        while (true) {
            byte[] text;
            try {
                text = commands.receive();
            } catch (IllegalStateException e) {
                return false; // closed because the parent has exited
            }
            if (text == null) {
                return false;
            }
            ChildMessage command = ChildMessage.decode(new String(text, StandardCharsets.UTF_8));
            reply(answers.answer(command));
            if (command.word().equals(ChildMessage.EXIT)) {
                return true;
            }
        }
    }

    /** Sends a reply. A list that is longer than a message is truncated; its last row counts the missing ones. */
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

    /** Waits for the end of standard input, to which the parent never writes, and then closes the channel. */
    private static void awaitEndOfParent(MessageReceiver commands) {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            // counts as the end
        }
        commands.close();
        try {
            TimeUnit.SECONDS.sleep(
                    END_BOUND_SECONDS); // for the clean-up of other threads; the exit of the JVM ends this one
        } catch (InterruptedException e) {
            // no thread interrupts this one
        }
        Runtime.getRuntime().halt(ABANDONED);
    }
}
