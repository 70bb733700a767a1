package org.processmanager.examples.app.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.sync.OpenMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pm recv}: one message from an endpoint. */
@Command(
        name = "recv",
        description = {
            "Receives one message and prints it, followed by a line feed.",
            "",
            "Exit code 3 if there is no message. Without --wait nothing is created."
        })
final class RecvCommand implements Callable<Integer> {
    /** How long a sender may need to notice a new reader of its pipe. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static final String END = "end";
    private static final Duration EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final Terminal terminal;
    private final Journal journal;

    @Option(names = "--wait", description = "Wait for a message; creates the channel if it does not exist.")
    private boolean wait;

    @Parameters(
            index = "0",
            paramLabel = "ENDPOINT",
            converter = Channels.EndpointConverter.class,
            description = "The source, as fifo:NAME or mapped:NAME; a path instead of a name has a slash.")
    private @Nullable Endpoint endpoint;

    private @Nullable MessageReceiver receiver; // guarded by this
    private volatile boolean exiting;

    RecvCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Endpoint from = Objects.requireNonNull(endpoint);
        byte[] message;
        if (wait) {
            terminal.atExit(this::closeAtExit);
            try {
                message = await(from);
            } catch (IllegalStateException e) {
                if (exiting) {
                    return ExitCode.FAILED; // the signal that closed the receiver sets the exit code
                }
                throw e;
            }
        } else {
            try (MessageReceiver opened = Channels.open(
                    () -> Ipc.receiver(from, OpenMode.OPEN_EXISTING, Delivery.AT_MOST_ONCE), Duration.ZERO)) {
                message = opened.receive(MOMENT);
            }
        }
        if (message == null) {
            terminal.complain("no message: " + from);
            return ExitCode.NOTHING_THERE;
        }
        terminal.out().write(message);
        terminal.out().write('\n');
        terminal.flush();
        journal.received(from, message.length);
        return ExitCode.OK;
    }

    private byte @Nullable [] await(Endpoint from) throws InterruptedException {
        Endpoint patient = from.options().containsKey(END) ? from : from.with(END, "never");
        try (MessageReceiver opened = Channels.open(() -> open(patient), EVER)) {
            return opened.receive();
        }
    }

    /** The receiver that a signal closes, so that a pipe that it created is removed. */
    private synchronized MessageReceiver open(Endpoint from) {
        receiver = Ipc.receiver(from, OpenMode.OPEN_OR_CREATE, Delivery.AT_MOST_ONCE);
        if (exiting) {
            receiver.close();
        }
        return receiver;
    }

    private void closeAtExit() {
        exiting = true;
        MessageReceiver opened;
        synchronized (this) {
            opened = receiver;
        }
        if (opened != null) {
            opened.close();
        }
    }
}
