package org.processmanager.examples.app.cli;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.OpenMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pm send}: one message to the receiver of an endpoint. */
@Command(
        name = "send",
        description = {
            "Sends one message.",
            "",
            "Exit code 3 if there is no receiver, or no room for the message, within the timeout."
        })
final class SendCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Journal journal;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Durations.class,
            description = "How long to wait for a receiver and for room (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Parameters(
            index = "0",
            paramLabel = "ENDPOINT",
            converter = Channels.EndpointConverter.class,
            description = "The destination, as fifo:NAME or mapped:NAME; a path instead of a name has a slash.")
    private @Nullable Endpoint endpoint;

    @Parameters(index = "1", paramLabel = "TEXT", description = "The message, sent as UTF-8.")
    private String text = "";

    SendCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Endpoint to = Objects.requireNonNull(endpoint);
        RawArguments.requireUtf8("TEXT", text);
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        long start = System.nanoTime();
        SendStatus status;
        try (MessageSender sender = Channels.open(() -> Ipc.sender(to, OpenMode.OPEN_OR_CREATE), timeout)) {
            if (message.length > sender.maxMessageBytes()) {
                throw new CommandFailure(
                        ExitCode.BAD_INPUT,
                        "TEXT: " + message.length + " bytes (expected: at most " + sender.maxMessageBytes() + " for "
                                + to + ")");
            }
            status = sender.send(message, timeout.minusNanos(System.nanoTime() - start));
        }
        switch (status) {
            case SENT:
                journal.sent(to, message.length);
                return ExitCode.OK;
            case FULL:
                terminal.complain(to + " is full, and no room became free within " + Durations.text(timeout));
                return ExitCode.NOTHING_THERE;
            default:
                terminal.complain("no receiver at " + to + " (waited " + Durations.text(timeout) + ")");
                return ExitCode.NOTHING_THERE;
        }
    }
}
