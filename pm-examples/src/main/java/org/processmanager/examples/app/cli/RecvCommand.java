package org.processmanager.examples.app.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.terminal.Terminal;
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

    private static final long PAUSE_MILLIS = 5;
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

    RecvCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Endpoint from = Objects.requireNonNull(endpoint);
        OpenMode mode = wait ? OpenMode.OPEN_OR_CREATE : OpenMode.OPEN_EXISTING;
        byte[] message;
        try (MessageReceiver receiver =
                Channels.open(() -> Ipc.receiver(from.toString(), mode), wait ? EVER : Duration.ZERO)) {
            message = wait ? await(receiver) : receiver.receive(MOMENT);
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

    /** A closed channel has no senders at present; further ones may come. */
    private static byte[] await(MessageReceiver receiver) throws InterruptedException {
        byte[] message;
        while ((message = receiver.receive()) == null) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        return message;
    }
}
