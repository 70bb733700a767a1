package org.processmanager.examples.app.menu;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.StopPolicy;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.ReceiveResult;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.OpenMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent's side of a managed child: a process, a channel for commands, a channel for replies. Every wait is bounded and
 * ends with the child, which may be suspended or killed at any time.
 */
final class ManagedChild implements AutoCloseable {
    /** The child has ended, or does not answer. */
    static final class GoneException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        GoneException(String message) {
            super(message);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ManagedChild.class);
    private static final String CAPACITY = "?capacity=1m";
    private static final int LARGEST_REPLY_BYTES = 1 << 20;
    private static final int ERROR_BYTES = 4096;
    private static final Duration START_BOUND = Duration.ofSeconds(20);
    private static final Duration REPLY_BOUND = Duration.ofSeconds(5);
    private static final Duration END_BOUND = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS_BOUND = Duration.ofSeconds(1);
    private static final Duration SLICE = Duration.ofMillis(50);

    private final Channel commandChannel;
    private final Channel replyChannel;
    private final MessageSender commands;
    private final MessageReceiver replies;
    private final ManagedProcess process;
    /** Kept because each future that the process returns completes on its own, so another may complete later. */
    private final CompletableFuture<ProcessResult> ended;

    private final ByteBuffer received = ByteBuffer.allocate(LARGEST_REPLY_BYTES);
    private long lastNumber = ChildMessage.READY;

    private ManagedChild(
            Channel commandChannel,
            MessageSender commands,
            Channel replyChannel,
            MessageReceiver replies,
            ManagedProcess process) {
        this.commandChannel = commandChannel;
        this.commands = commands;
        this.replyChannel = replyChannel;
        this.replies = replies;
        this.process = process;
        this.ended = process.onExit();
    }

    /**
     * Starts a child, which is not ready at once.
     *
     * @param own prefix of the names of its channels
     * @param log where it logs its own events
     */
    static ManagedChild start(ProcessManager manager, String name, Channel own, Path log) {
        return launch(manager, name, own.sub("commands"), own.sub("replies"), log);
    }

    /**
     * Waits until it is ready.
     *
     * @throws GoneException if it does not become ready
     */
    void awaitReady() throws InterruptedException {
        awaitReply(ChildMessage.READY, START_BOUND);
    }

    private static ManagedChild launch(
            ProcessManager manager, String name, Channel commandChannel, Channel replyChannel, Path log) {
        MessageSender commands = Ipc.sender(commandChannel.endpoint(), OpenMode.CREATE_NEW);
        MessageReceiver replies = null;
        try {
            replies = Ipc.receiver(replyChannel.endpoint() + CAPACITY, OpenMode.CREATE_NEW);
            ManagedProcess process = ChildJava.command(
                            manager, ChildMain.class, commandChannel.name(), replyChannel.name(), log.toString())
                    .name(name)
                    .stdin(Input.pipe())
                    .stdout(Output.discard())
                    .stderr(Output.tail(ERROR_BYTES))
                    .acceptAnyExit()
                    .start();
            return new ManagedChild(commandChannel, commands, replyChannel, replies, process);
        } catch (RuntimeException e) {
            commands.close();
            commandChannel.delete();
            if (replies != null) {
                replies.close();
                replyChannel.delete();
            }
            throw e;
        }
    }

    String name() {
        return process.name();
    }

    long pid() {
        return process.pid();
    }

    /** Returns a future that completes when it has ended, before {@link #call} reports that. */
    CompletableFuture<ProcessResult> ended() {
        return ended;
    }

    /**
     * Sends a command and waits for the reply.
     *
     * @return its reply
     * @throws IllegalArgumentException with the reason, if it refuses
     * @throws GoneException if it has ended, or does not answer in time
     */
    ChildMessage call(String word, String... fields) throws InterruptedException {
        long number = ++lastNumber;
        byte[] command = ChildMessage.of(number, word, fields).encode().getBytes(StandardCharsets.UTF_8);
        if (commands.send(command, REPLY_BOUND) != SendStatus.SENT) {
            throw silent();
        }
        ChildMessage reply = awaitReply(number, REPLY_BOUND);
        if (reply.word().equals(ChildMessage.REFUSED)) {
            throw new IllegalArgumentException(reply.field());
        }
        return reply;
    }

    /** Ends it, by a command if it replies, and waits for its exit. A suspended one replies to nothing, and is killed. */
    ProcessResult end() throws InterruptedException {
        if (process.state() == ManagedProcess.State.SUSPENDED) {
            process.stop(StopPolicy.immediateKill());
            return process.await();
        }
        try {
            call(ChildMessage.EXIT);
        } catch (GoneException e) {
            process.stop(); // does nothing if it has ended
        }
        Optional<ProcessResult> result = process.await(END_BOUND);
        if (result.isEmpty()) {
            process.stop();
        }
        return process.await();
    }

    /** Ends it if it is alive, and deletes the channels. */
    @Override
    public void close() {
        if (process.state() != ManagedProcess.State.EXITED) {
            process.stop();
        }
        commands.close();
        replies.close();
        commandChannel.delete();
        replyChannel.delete();
    }

    private ChildMessage awaitReply(long number, Duration bound) throws InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        while (true) {
            boolean ended =
                    process.state() == ManagedProcess.State.EXITED; // read first: the last reply has then arrived
            ReceiveResult answer = replies.receive(received.clear(), SLICE);
            if (answer.isMessage()) {
                String text = new String(received.array(), 0, answer.length(), StandardCharsets.UTF_8);
                ChildMessage reply = ChildMessage.decode(text);
                if (reply.number() == number) {
                    return reply;
                }
            } else if (ended) {
                throw new GoneException(name() + " (pid " + pid() + ") has ended" + lastError());
            } else if (System.nanoTime() - deadline > 0) {
                throw silent();
            }
        }
    }

    /** Returns the last error line of a failed child. */
    private String lastError() throws InterruptedException {
        String errors = "";
        try {
            errors = ended.get(LAST_WORDS_BOUND.toNanos(), TimeUnit.NANOSECONDS)
                    .stderrText()
                    .strip();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("a process that it left behind has its standard error open", e);
        }
        return errors.isEmpty() ? "" : ": " + errors.substring(errors.lastIndexOf('\n') + 1);
    }

    private GoneException silent() {
        return new GoneException(name() + " (pid " + pid() + ") does not answer; it is "
                + process.state().name().toLowerCase(Locale.ROOT));
    }
}
