package org.processmanager.examples.app.cli.channel;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.channel.ChannelDoctor.Finding;
import org.processmanager.examples.app.cli.channel.FoundChannel.End;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.ipc.ChannelInspection.Lane;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.SharedMemory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pm channel}: the channels of this user. */
@Command(
        name = "channel",
        description = {
            "Shows channels from outside: it opens no end of them and, except for gc, changes nothing.",
            "",
            "A channel of scheme mapped is read from its memory, also after all its processes have died. Of a FIFO and of a"
                    + " socket it shows the processes that have it open, as far as this user may see them."
        },
        synopsisSubcommandLabel = "COMMAND")
public final class ChannelCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private ChannelCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine create(Terminal terminal) {
        return new CommandLine(new ChannelCommand())
                .addSubcommand(new Ls(terminal))
                .addSubcommand(new Stat(terminal))
                .addSubcommand(new Top(terminal))
                .addSubcommand(new ChannelDump(terminal))
                .addSubcommand(new Doctor(terminal))
                .addSubcommand(new ChannelGc(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    /** Returns the endpoints of all named channels of this user. */
    public static List<String> endpoints() {
        return find(List.of()).stream()
                .map(channel -> channel.endpoint().toString())
                .toList();
    }

    /** Returns the channels of the given endpoints, or all of this user. */
    private static List<FoundChannel> find(List<Endpoint> endpoints) {
        return endpoints.isEmpty()
                ? FoundChannel.in(SharedMemory.directory())
                : endpoints.stream().map(FoundChannel::of).toList();
    }

    /** {@code pm channel ls}. */
    @Command(
            name = "ls",
            description = {
                "Lists the channels in the directory of this user's shared memory, or in another one.",
                "",
                "UNRECEIVED is known for mapped channels: the bytes that were sent and not received, of a queue the messages."
            })
    static final class Ls implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(
                paramLabel = "DIRECTORY",
                arity = "0..1",
                description = "The directory (default: that of named channels).")
        private @Nullable Path directory;

        @Mixin
        private OutputOptions output = new OutputOptions();

        Ls(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<FoundChannel> channels = FoundChannel.in(
                    directory == null
                            ? SharedMemory.directory()
                            : directory.toAbsolutePath().normalize());
            output.print(terminal, channels, (json, channel) -> channel.writeTo(json), () -> table(channels));
            return ExitCode.OK;
        }

        private static Table table(List<FoundChannel> channels) {
            Table table = new Table("ENDPOINT", ">SENDERS", ">RECEIVERS", ">UNRECEIVED", "STATE", "+FILE");
            for (FoundChannel channel : channels) {
                table.row(
                        channel.endpoint().toString(),
                        Integer.toString(channel.count(Role.SENDER)),
                        Integer.toString(channel.count(Role.RECEIVER)),
                        channel.unreceived(),
                        channel.state(),
                        channel.file().toString());
            }
            return table;
        }
    }

    /** {@code pm channel stat}. */
    @Command(
            name = "stat",
            description = {
                "Shows the ends and the lanes of channels: positions count the bytes that were ever sent, received, and"
                        + " released to be overwritten.",
                "",
                "Exit code 3 if there is no such channel."
            })
    static final class Stat implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(
                paramLabel = "ENDPOINT",
                arity = "1..*",
                converter = Channels.EndpointConverter.class,
                description = Channels.ENDPOINT)
        private List<Endpoint> endpoints = List.of();

        @Mixin
        private OutputOptions output = new OutputOptions();

        Stat(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<FoundChannel> channels = find(endpoints);
            output.printRows(terminal, channels, (json, channel) -> channel.writeTo(json), () -> print(channels));
            return ExitCode.OK;
        }

        private void print(List<FoundChannel> channels) {
            for (FoundChannel channel : channels) {
                terminal.say(channel.endpoint() + ": " + channel.state() + ", " + channel.file());
                for (End end : channel.ends()) {
                    terminal.say("  " + end
                            + (end.alive() ? "" : ", dead")
                            + (end.suspended() ? ", suspended" : "")
                            + (end.waiting() ? ", waiting" : "")
                            + (end.note().isEmpty() ? "" : ", " + end.note())
                            + end.claim().map(claim -> ", " + claim).orElse("")
                            + (end.lagBytes() > 0 ? ", lags by " + end.lagBytes() + " bytes" : ""));
                }
                if (channel.connections() > 0) {
                    terminal.say("  " + channel.connections() + " connected");
                }
                if (channel.queuedMessages() > 0) {
                    terminal.say("  " + channel.unreceived() + " not received");
                }
                for (Lane lane : channel.lanes()) {
                    terminal.say("  lane " + lane.number() + " of " + lane.capacityBytes() + " bytes: written "
                            + lane.written() + ", taken " + lane.taken() + ", released " + lane.released()
                            + ", senders "
                            + lane.sendersSoFar());
                }
            }
        }
    }

    /** {@code pm channel top}. */
    @Command(
            name = "top",
            description = {
                "Shows the rates and backlogs of channels again and again, until it is interrupted.",
                "",
                "Rates are in bytes a second, with what the channel adds to each message."
            })
    static final class Top implements Callable<Integer> {
        private static final String CLEAR = "\033[H\033[2J";

        private final Terminal terminal;

        @Parameters(
                paramLabel = "ENDPOINT",
                arity = "0..*",
                converter = Channels.EndpointConverter.class,
                description = "The channels (default: all named ones).")
        private List<Endpoint> endpoints = List.of();

        @Option(
                names = "--interval",
                paramLabel = "TIME",
                defaultValue = "1s",
                converter = Durations.class,
                description = "Time between two looks (default: ${DEFAULT-VALUE}).")
        private Duration interval = Duration.ZERO;

        @Option(names = "--count", paramLabel = "N", description = "How often (default: until interrupted).")
        private long count = Long.MAX_VALUE;

        Top(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws InterruptedException {
            List<FoundChannel> before = find(endpoints);
            long start = System.nanoTime();
            for (long i = 0; i < count && !terminal.out().checkError(); i++) {
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
                List<FoundChannel> now = find(endpoints);
                long end = System.nanoTime();
                if (terminal.showsProgress()) {
                    terminal.out().print(CLEAR);
                }
                table(before, now, Math.max(1, end - start)).print(terminal.out(), terminal.columns());
                before = now;
                start = end;
            }
            return ExitCode.OK;
        }

        private static Table table(List<FoundChannel> before, List<FoundChannel> now, long nanos) {
            Table table = new Table("ENDPOINT", ">SENT/S", ">RECEIVED/S", ">UNRECEIVED", "STATE", "SLOWEST");
            for (FoundChannel channel : now) {
                FoundChannel earlier = before.stream()
                        .filter(each -> each.endpoint().equals(channel.endpoint()))
                        .findFirst()
                        .orElse(channel);
                table.row(
                        channel.endpoint().toString(),
                        rate(channel.lanes(), earlier.lanes(), Lane::written, nanos),
                        rate(channel.lanes(), earlier.lanes(), Lane::taken, nanos),
                        channel.unreceived(),
                        channel.state(),
                        slowest(channel));
            }
            return table;
        }

        private static String rate(
                List<Lane> now, List<Lane> before, java.util.function.ToLongFunction<Lane> position, long nanos) {
            if (now.isEmpty()) {
                return "";
            }
            long bytes = now.stream().mapToLong(position).sum()
                    - before.stream().mapToLong(position).sum();
            return String.format(Locale.ROOT, "%.0f", Math.max(0, bytes) * 1e9 / nanos);
        }

        private static String slowest(FoundChannel channel) {
            return channel.living(Role.RECEIVER).stream()
                    .filter(end -> end.lagBytes() > 0)
                    .max(java.util.Comparator.comparingLong(End::lagBytes))
                    .map(end -> end + " lags by " + end.lagBytes() + " bytes")
                    .orElse("");
        }
    }

    /** {@code pm channel doctor}. */
    @Command(
            name = "doctor",
            description = {
                "Says what holds channels up, which process, and what to do about it.",
                "",
                "Exit code 1 if messages do not arrive because of something, 3 if there is no such channel."
            })
    static final class Doctor implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(
                paramLabel = "ENDPOINT",
                arity = "0..*",
                converter = Channels.EndpointConverter.class,
                description = "The channels (default: all named ones).")
        private List<Endpoint> endpoints = List.of();

        @Option(
                names = "--sample",
                paramLabel = "TIME",
                defaultValue = "500ms",
                converter = Durations.class,
                description = "Time between the two looks that show whether a receiver makes progress (default:"
                        + " ${DEFAULT-VALUE}).")
        private Duration sample = Duration.ZERO;

        @Mixin
        private OutputOptions output = new OutputOptions();

        Doctor(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws InterruptedException {
            List<FoundChannel> before = find(endpoints);
            TimeUnit.NANOSECONDS.sleep(sample.toNanos());
            List<ChannelDoctor> patients = new ArrayList<>();
            for (FoundChannel channel : find(endpoints)) {
                before.stream()
                        .filter(each -> each.endpoint().equals(channel.endpoint()))
                        .forEach(each -> patients.add(new ChannelDoctor(each, channel)));
            }
            output.printRows(terminal, rows(patients), Row::write, () -> patients.forEach(this::print));
            return patients.stream()
                            .flatMap(patient -> patient.findings().stream())
                            .anyMatch(Finding::problem)
                    ? ExitCode.FAILED
                    : ExitCode.OK;
        }

        private void print(ChannelDoctor patient) {
            List<Finding> findings = patient.findings();
            String healthy = patient.now().inspection() == null
                    ? " no process of it is suspended; what is in it cannot be seen from outside"
                    : " nothing holds it up";
            terminal.say(patient.now().endpoint() + ":" + (findings.isEmpty() ? healthy : ""));
            for (Finding finding : findings) {
                terminal.say((finding.problem() ? "  PROBLEM: " : "  ") + finding.what() + "; " + finding.advice());
            }
        }

        private static List<Row> rows(List<ChannelDoctor> patients) {
            return patients.stream()
                    .flatMap(patient -> patient.findings().stream()
                            .map(finding -> new Row(patient.now().endpoint().toString(), finding)))
                    .toList();
        }

        /** A finding, for programs. */
        private record Row(String endpoint, Finding finding) {
            static void write(JsonGenerator json, Row row) throws IOException {
                json.writeStartObject();
                json.writeStringField("endpoint", row.endpoint());
                json.writeBooleanField("problem", row.finding().problem());
                json.writeStringField("found", row.finding().what());
                json.writeStringField("advice", row.finding().advice());
                json.writeEndObject();
            }
        }
    }
}
