package org.processmanager.examples.app.cli.channel;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pm channel dump}: messages that are still in the memory of a channel. */
@Command(
        name = "dump",
        description = {
            "Prints the last messages of a channel of scheme mapped, also those that were received, without receiving them;"
                    + " also after all its processes have died.",
            "",
            "Content is text, or hexadecimal (the first 64 bytes) if the message is not UTF-8. JSON has it in full: text, or"
                    + " base64.",
            "",
            "Exit code 3 if there is no such channel, or no message in it; 1 if it is damaged."
        })
final class ChannelDump implements Callable<Integer> {
    private static final int SHOWN_BYTES = 64;

    private final Terminal terminal;

    @Parameters(
            index = "0",
            paramLabel = "ENDPOINT",
            converter = Channels.EndpointConverter.class,
            description = "The channel, as mapped:NAME; a path instead of a name has a slash.")
    private @Nullable Endpoint endpoint;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            defaultValue = "10",
            description = "How many messages of each lane (default: ${DEFAULT-VALUE}).")
    private int count = 1;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private @Nullable CommandSpec spec;

    ChannelDump(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--count: " + count + " (expected: at least 1)");
        }
        List<KeptMessage> messages = read(Objects.requireNonNull(endpoint));
        if (!messages.isEmpty() || output.isForPrograms()) {
            output.print(terminal, messages, ChannelDump::write, () -> table(messages));
        }
        OptionalLong damage = Ipc.inspect(endpoint.toString()).damagedAt();
        if (damage.isPresent()) {
            terminal.complain(endpoint + " is damaged at position " + damage.getAsLong() + "; see pm channel doctor");
            return ExitCode.FAILED;
        }
        if (messages.isEmpty()) {
            terminal.complain("no message in " + endpoint);
        }
        return messages.isEmpty() ? ExitCode.NOTHING_THERE : ExitCode.OK;
    }

    private List<KeptMessage> read(Endpoint from) {
        try {
            return Ipc.lastMessages(from.toString(), count);
        } catch (ChannelNotFoundException e) {
            throw new CommandFailure(ExitCode.NOTHING_THERE, e.getMessage() + FoundChannel.similar(from), e);
        } catch (ChannelException | IllegalArgumentException | UnsupportedOperationException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    private static String content(byte[] bytes) {
        String text = RecvCommand.utf8(bytes);
        if (text != null) {
            return text;
        }
        int shown = Math.min(bytes.length, SHOWN_BYTES);
        return HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "..." : "");
    }

    private static Table table(List<KeptMessage> messages) {
        Table table = new Table(">LANE", ">POSITION", ">BYTES", "", "CONTENT");
        for (KeptMessage message : messages) {
            table.row(
                    Integer.toString(message.lane()),
                    Long.toString(message.position()),
                    Integer.toString(message.bytes().length),
                    message.received() ? "received" : "unreceived",
                    content(message.bytes()));
        }
        return table;
    }

    private static void write(JsonGenerator json, KeptMessage message) throws IOException {
        json.writeStartObject();
        json.writeNumberField("lane", message.lane());
        json.writeNumberField("position", message.position());
        json.writeBooleanField("received", message.received());
        json.writeNumberField("bytes", message.bytes().length);
        RecvCommand.writeContent(json, message.bytes());
        json.writeEndObject();
    }
}
