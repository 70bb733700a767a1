package org.processmanager.examples.app.cli.channel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.RawArguments;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.OpenMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pm send}: messages to the receiver of an endpoint. */
@Command(
        name = "send",
        description = {
            "Sends a message, or messages read from standard input.",
            "",
            "In JSON, sent is the number of messages, bytes their total, and status the outcome of the last one: sent, full,"
                    + " not_connected or closed.",
            "",
            "Exit code 3 if there is no receiver, or no room for a message, within the timeout; the messages before it are"
                    + " sent. 2 if a message is longer than the channel accepts."
        })
public final class SendCommand implements Callable<Integer> {
    private static final Duration EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final Terminal terminal;
    private final Journal journal;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Durations.class,
            description = "How long to wait for a receiver and for room, for each message (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--wait", description = "Wait without limit, instead of a timeout.")
    private boolean wait;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often to send TEXT (default: ${DEFAULT-VALUE}).")
    private long count = 1;

    @Option(
            names = "--stdin",
            paramLabel = "lines|whole",
            description =
                    "Send standard input instead of TEXT, byte by byte: lines sends each line as a message, without its"
                            + " line feed; whole sends all as one message.")
    private MessageInput.@Nullable Form stdin;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(
            index = "0",
            paramLabel = "ENDPOINT",
            converter = Channels.EndpointConverter.class,
            description = Channels.ENDPOINT)
    private @Nullable Endpoint endpoint;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "The message, sent as UTF-8.")
    private @Nullable String text;

    @Spec
    private @Nullable CommandSpec spec;

    private long sent;
    private long bytes;

    public SendCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Endpoint to = Objects.requireNonNull(endpoint);
        MessageInput messages = messages();
        Duration patience = wait ? EVER : timeout;
        long start = System.nanoTime();
        SendStatus status = SendStatus.SENT;
        try (MessageSender sender = Channels.open(() -> Ipc.sender(to, OpenMode.OPEN_OR_CREATE), patience)) {
            byte[] message;
            while (status == SendStatus.SENT && (message = messages.next(sender.maxMessageBytes())) != null) {
                Duration left = sent == 0 && !wait ? patience.minusNanos(System.nanoTime() - start) : patience;
                status = sender.send(message, left);
                if (status == SendStatus.SENT) {
                    journal.sent(to, message.length);
                    sent++;
                    bytes += message.length;
                }
            }
        }
        print(to, status);
        return exitCode(to, status);
    }

    private MessageInput messages() {
        String given = text;
        if ((given == null) == (stdin == null)) {
            throw usage(given == null ? "TEXT is missing, or --stdin" : "TEXT and --stdin (expected: one of them)");
        }
        if (count < 1) {
            throw usage("--count: " + count + " (expected: at least 1)");
        }
        if (given == null) {
            if (count > 1) {
                throw usage("--count and --stdin (expected: --count with TEXT)");
            }
            return MessageInput.of(terminal.in(), Objects.requireNonNull(stdin));
        }
        RawArguments.requireUtf8("TEXT", given);
        return MessageInput.of(given.getBytes(StandardCharsets.UTF_8), count);
    }

    private ParameterException usage(String what) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
    }

    private void print(Endpoint to, SendStatus status) {
        output.printRecord(
                terminal,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("endpoint", to.toString());
                    json.writeNumberField("sent", sent);
                    json.writeNumberField("bytes", bytes);
                    json.writeStringField("status", status.name().toLowerCase(Locale.ROOT));
                    json.writeEndObject();
                },
                () -> {});
    }

    private int exitCode(Endpoint to, SendStatus status) {
        String before = sent == 0 ? "" : "; " + sent + (sent == 1 ? " message was" : " messages were") + " sent before";
        switch (status) {
            case SENT:
                return ExitCode.OK;
            case FULL:
                terminal.complain(to + " is full, and no room became free within " + Durations.text(timeout) + before);
                return ExitCode.NOTHING_THERE;
            case CLOSED:
                terminal.complain(to + " was deleted meanwhile" + before);
                return ExitCode.NOTHING_THERE;
            default:
                terminal.complain("no receiver at " + to
                        + (wait ? ": it closed or died" : " (waited " + Durations.text(timeout) + ")") + before);
                return ExitCode.NOTHING_THERE;
        }
    }
}
