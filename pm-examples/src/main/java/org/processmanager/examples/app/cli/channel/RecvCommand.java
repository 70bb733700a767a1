package org.processmanager.examples.app.cli.channel;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Journal;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.sync.OpenMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pm recv}: messages from an endpoint. */
@Command(
        name = "recv",
        description = {
            "Receives messages and prints each, followed by a line feed.",
            "",
            "Without --wait nothing is created. In JSON each message is a document on a line of its own, as in JSON lines: endpoint, number from"
                    + " 1, bytes, and text, or base64 if the message is not UTF-8.",
            "",
            "Exit code 0 if all of the --count messages were received, with --follow at least one; else 3. 2 if the endpoint is"
                    + " bad, or its file something else."
        })
public final class RecvCommand implements Callable<Integer> {
    /** How long a sender may need to notice a new reader of its pipe. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static final String END = "end";
    private static final Duration EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final Terminal terminal;
    private final Journal journal;

    @Option(
            names = "--wait",
            description =
                    "Wait for messages, also when all senders have left; creates the channel if it does not exist.")
    private boolean wait;

    @Option(
            names = "--follow",
            description = "Print messages until the last sender has left, or with --wait until the channel is deleted.")
    private boolean follow;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "How many messages to receive (default: 1, or all with --follow).")
    private @Nullable Long count;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long to wait for each message (default: 100ms; no limit with --wait or --follow).")
    private @Nullable Duration timeout;

    @Option(names = "--raw", description = "Print the bytes of the messages, and nothing between them.")
    private boolean raw;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(
            index = "0",
            paramLabel = "ENDPOINT",
            converter = Channels.EndpointConverter.class,
            description = Channels.ENDPOINT)
    private @Nullable Endpoint endpoint;

    @Spec
    private @Nullable CommandSpec spec;

    private @Nullable MessageReceiver receiver; // guarded by this
    private volatile boolean exiting;
    private final Printing printing = new Printing();
    private long received;

    public RecvCommand(Terminal terminal, Journal journal) {
        this.terminal = terminal;
        this.journal = journal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Endpoint from = Objects.requireNonNull(endpoint);
        if (count != null && count < 1) {
            throw usage("--count: " + count + " (expected: at least 1)");
        }
        output.refuseCsv();
        if (raw && output.isForPrograms()) {
            throw usage("--raw and -o json (expected: one of them)");
        }
        Duration patience = timeout != null ? timeout : wait || follow ? EVER : MOMENT;
        long wanted = count != null ? count : follow ? Long.MAX_VALUE : 1;
        terminal.atExit(this::closeAtExit);
        try (MessageReceiver opened = Channels.open(() -> open(from), wait ? patience : Duration.ZERO)) {
            while (received < wanted && receive(opened, patience)) {
                // until there are enough
            }
        } catch (OutputLostException e) {
            return ExitCode.OK; // its reader has stopped reading, or App reports why it is lost
        } catch (IllegalStateException e) {
            if (exiting) {
                return ExitCode.FAILED; // the signal that closed the receiver sets the exit code
            }
            throw e;
        }
        if (received == 0) {
            terminal.complain("no message: " + from);
        } else if (count != null && received < count) {
            terminal.complain("only " + received + " of " + count + " messages: " + from);
        }
        return received == 0 || count != null && received < count ? ExitCode.NOTHING_THERE : ExitCode.OK;
    }

    private ParameterException usage(String what) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
    }

    /** Prints a message, which counts as received once it is printed; returns whether there was one. */
    private boolean receive(MessageReceiver opened, Duration patience) throws InterruptedException {
        return (patience.equals(EVER) ? opened.receive(printing) : opened.receive(printing, patience)) != null;
    }

    private void print(Endpoint from, long number, byte[] message) {
        if (!output.isForPrograms()) {
            terminal.out().writeBytes(message);
            if (!raw) {
                terminal.out().write('\n');
            }
            return;
        }
        Json.print(terminal.out(), json -> {
            json.writeStartObject();
            json.writeStringField("endpoint", from.toString());
            json.writeNumberField("number", number);
            json.writeNumberField("bytes", message.length);
            writeContent(json, message);
            json.writeEndObject();
        });
    }

    /** Writes a message as the field text, or base64 if it is not UTF-8. */
    static void writeContent(JsonGenerator json, byte[] message) throws IOException {
        String text = utf8(message);
        if (text == null) {
            json.writeBinaryField("base64", message);
        } else {
            json.writeStringField("text", text);
        }
    }

    /** Returns a message as text; null if it is not UTF-8. */
    static @Nullable String utf8(byte[] message) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The receiver that a signal closes, so that a pipe that it created is removed. */
    private synchronized MessageReceiver open(Endpoint from) {
        Endpoint patient = wait && !from.options().containsKey(END) ? from.with(END, "never") : from;
        receiver =
                Ipc.receiver(patient, wait ? OpenMode.OPEN_OR_CREATE : OpenMode.OPEN_EXISTING, Delivery.AT_LEAST_ONCE);
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

    /** Prints messages. Those that cannot be printed are not received. */
    private final class Printing implements Codec<Boolean> {
        @Override
        public Boolean decode(ByteBuffer buffer, int offset, int length) {
            byte[] message = new byte[length];
            buffer.get(offset, message);
            Endpoint from = Objects.requireNonNull(endpoint);
            print(from, received + 1, message);
            if (terminal.out().checkError()) {
                throw new OutputLostException();
            }
            received++;
            journal.received(from, length);
            return true;
        }

        @Override
        public ByteBuffer encode(Boolean value) {
            throw new UnsupportedOperationException("it only receives");
        }
    }

    private static final class OutputLostException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
