package org.processmanager.examples.app.cli.process;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.processmanager.core.monitor.OpenSocket;
import org.processmanager.core.monitor.ProcessDetails;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTree;
import org.processmanager.core.monitor.Sample;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;

/**
 * All that is known of a process, as lines or as JSON.
 *
 * @param process its state
 * @param sample a sample that contains it, unless it has exited
 * @param tree the processes of the sample
 * @param details its details
 */
public record ProcessInfo(ProcessSnapshot process, Sample sample, ProcessTree tree, ProcessDetails details) {
    private static final String UNKNOWN = "-";
    private static final int TITLE_COLUMNS = 12;

    public static ProcessInfo of(ProcessSnapshot process, Sample sample) {
        return new ProcessInfo(
                process, sample, ProcessTree.of(sample.processes()), ProcessDetails.of(process.identity()));
    }

    void printSummary(Terminal terminal) {
        summary().forEach(terminal::say);
    }

    /** Returns a line for each part that is known in short. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        ProcessTree.Usage usage = tree.usage(process.pid());
        Optional<List<OpenSocket>> sockets = details.sockets();
        field(lines, "pid", process.pid() + " (" + ProcessText.state(process) + ")");
        field(lines, "name", process.name());
        process.mainClass().ifPresent(main -> field(lines, "main class", main));
        field(lines, "command", process.commandLine().isEmpty() ? UNKNOWN : process.commandLine());
        field(lines, "user", process.user());
        field(lines, "parents", parents());
        field(
                lines,
                "started",
                process.startTime().truncatedTo(ChronoUnit.SECONDS).toString());
        field(
                lines,
                "cpu",
                ProcessText.percent(sample.cpuPercent(process.pid()).orElse(0)) + " % now, "
                        + ProcessText.percent(process.cpuPercent()) + " % since its start, "
                        + Durations.shortText(process.cpuTime()));
        field(
                lines,
                "memory",
                ProcessText.mebibytes(process.residentBytes()) + " MiB"
                        + details.memory()
                                .map(memory -> ", " + ProcessText.mebibytes(memory.proportionalBytes())
                                        + " MiB with shared memory divided, "
                                        + ProcessText.mebibytes(memory.swappedBytes()) + " MiB swapped")
                                .orElse(""));
        field(lines, "threads", Integer.toString(process.threads()));
        field(
                lines,
                "tree",
                usage.processes() + " processes, " + ProcessText.percent(sample.cpuPercentOfTree(process.pid()))
                        + " % now, " + ProcessText.mebibytes(usage.residentBytes()) + " MiB, " + usage.threads()
                        + " threads");
        field(lines, "executable", details.executable().map(Object::toString).orElse(UNKNOWN));
        field(
                lines,
                "directory",
                details.workingDirectory().map(Object::toString).orElse(UNKNOWN));
        field(
                lines,
                "files",
                details.descriptors().map(list -> list.size() + " open").orElse(UNKNOWN));
        field(lines, "listens", sockets.map(ProcessInfo::listening).orElse(UNKNOWN));
        field(
                lines,
                "storage",
                details.io()
                        .map(io -> ProcessText.mebibytes(io.readBytes()) + " MiB read, "
                                + ProcessText.mebibytes(io.writtenBytes()) + " MiB written")
                        .orElse(UNKNOWN));
        return lines;
    }

    private static void field(List<String> lines, String name, String value) {
        lines.add(name + " ".repeat(TITLE_COLUMNS - name.length()) + value);
    }

    private String parents() {
        List<ProcessSnapshot> parents = tree.ancestors(process.pid());
        return parents.isEmpty()
                ? UNKNOWN
                : parents.stream()
                        .map(parent -> parent.pid() + " " + parent.name())
                        .collect(Collectors.joining(", "));
    }

    private static String listening(List<OpenSocket> sockets) {
        List<String> texts = sockets.stream()
                .filter(OpenSocket::listening)
                .map(ProcessInfo::text)
                .distinct()
                .toList();
        return texts.isEmpty() ? "nowhere" : String.join(", ", texts);
    }

    private static String text(OpenSocket socket) {
        String local = address(socket.localAddress(), socket.localPort());
        String remote =
                socket.remoteAddress().isEmpty() ? "" : " with " + address(socket.remoteAddress(), socket.remotePort());
        return socket.protocol() + " " + local + remote;
    }

    private static String address(String address, int port) {
        String host = address.contains(":") && port > 0 ? "[" + address + "]" : address;
        return port > 0 ? host + ":" + port : host;
    }

    void printThreads(Terminal terminal) {
        terminal.say("");
        Table table = new Table(">THREAD", "STATE", ">CPU", "NAME");
        details.threads()
                .orElse(List.of())
                .forEach(thread -> table.row(
                        Long.toString(thread.id()),
                        ProcessText.state(thread.state()),
                        Durations.shortText(thread.cpuTime()),
                        thread.name()));
        table.print(terminal.out(), terminal.columns());
    }

    void printDescriptors(Terminal terminal) {
        terminal.say("");
        Table table = new Table(">FD", "TARGET");
        details.descriptors()
                .orElse(List.of())
                .forEach(descriptor -> table.row(
                        Integer.toString(descriptor.number()),
                        descriptor.socket().map(ProcessInfo::text).orElse(descriptor.target())));
        table.print(terminal.out(), terminal.columns());
    }

    void printLimits(Terminal terminal) {
        terminal.say("");
        Table table = new Table("LIMIT", ">SOFT", ">HARD", "UNIT");
        details.limits()
                .orElse(List.of())
                .forEach(limit -> table.row(limit.name(), limit(limit.soft()), limit(limit.hard()), limit.unit()));
        table.print(terminal.out(), terminal.columns());
    }

    private static String limit(OptionalLong limit) {
        return limit.isPresent() ? Long.toString(limit.getAsLong()) : "none";
    }

    void printEnvironment(Terminal terminal) {
        terminal.say("");
        details.environment().orElse(Map.of()).forEach((name, value) -> terminal.say(name + "=" + value));
    }

    void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        ProcessText.writeFields(json, process, sample.cpuPercent(process.pid()).orElse(0));
        json.writeArrayFieldStart("parents");
        for (ProcessSnapshot parent : tree.ancestors(process.pid())) {
            json.writeNumber(parent.pid());
        }
        json.writeEndArray();
        ProcessTree.Usage usage = tree.usage(process.pid());
        json.writeObjectFieldStart("tree");
        json.writeNumberField("processes", usage.processes());
        json.writeNumberField("threads", usage.threads());
        json.writeNumberField("cpuPercent", Math.round(sample.cpuPercentOfTree(process.pid()) * 10) / 10.0);
        json.writeNumberField("cpuMillis", usage.cpuTime().toMillis());
        json.writeNumberField("residentBytes", usage.residentBytes());
        json.writeEndObject();
        json.writeStringField(
                "executable", details.executable().map(Object::toString).orElse(null));
        json.writeStringField(
                "workingDirectory",
                details.workingDirectory().map(Object::toString).orElse(null));
        writeParts(json);
        json.writeEndObject();
    }

    private void writeParts(JsonGenerator json) throws IOException {
        write(json, "arguments", details.arguments(), arguments -> {
            json.writeStartArray();
            for (String argument : arguments) {
                json.writeString(argument);
            }
            json.writeEndArray();
        });
        write(json, "environment", details.environment(), variables -> {
            json.writeStartObject();
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                json.writeStringField(variable.getKey(), variable.getValue());
            }
            json.writeEndObject();
        });
        write(json, "memory", details.memory(), memory -> {
            json.writeStartObject();
            json.writeNumberField("residentBytes", memory.residentBytes());
            json.writeNumberField("proportionalBytes", memory.proportionalBytes());
            json.writeNumberField("privateBytes", memory.privateBytes());
            json.writeNumberField("swappedBytes", memory.swappedBytes());
            json.writeEndObject();
        });
        write(json, "io", details.io(), io -> {
            json.writeStartObject();
            json.writeNumberField("readBytes", io.readBytes());
            json.writeNumberField("writtenBytes", io.writtenBytes());
            json.writeNumberField("readCharacters", io.readCharacters());
            json.writeNumberField("writtenCharacters", io.writtenCharacters());
            json.writeEndObject();
        });
        write(json, "threadList", details.threads(), threads -> {
            json.writeStartArray();
            for (ProcessDetails.ThreadDetails thread : threads) {
                json.writeStartObject();
                json.writeNumberField("id", thread.id());
                json.writeStringField("name", thread.name());
                json.writeStringField("state", ProcessText.state(thread.state()));
                json.writeNumberField("cpuMillis", thread.cpuTime().toMillis());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
        write(json, "descriptors", details.descriptors(), descriptors -> {
            json.writeStartArray();
            for (ProcessDetails.Descriptor descriptor : descriptors) {
                json.writeStartObject();
                json.writeNumberField("number", descriptor.number());
                json.writeStringField("target", descriptor.target());
                json.writeFieldName("socket");
                writeSocket(json, descriptor.socket());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
        write(json, "limits", details.limits(), limits -> {
            json.writeStartArray();
            for (ProcessDetails.Limit limit : limits) {
                json.writeStartObject();
                json.writeStringField("name", limit.name());
                Json.writeNumberField(
                        json, "soft", limit.soft().isPresent() ? limit.soft().getAsLong() : null);
                Json.writeNumberField(
                        json, "hard", limit.hard().isPresent() ? limit.hard().getAsLong() : null);
                json.writeStringField("unit", limit.unit());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private interface Writer<T> {
        void write(T part) throws IOException;
    }

    /** Writes a part, or null for what this user may not read. */
    private static <T> void write(JsonGenerator json, String name, Optional<T> part, Writer<T> writer)
            throws IOException {
        json.writeFieldName(name);
        if (part.isEmpty()) {
            json.writeNull();
        } else {
            writer.write(part.get());
        }
    }

    private static void writeSocket(JsonGenerator json, Optional<OpenSocket> socket) throws IOException {
        if (socket.isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("protocol", socket.get().protocol());
        json.writeBooleanField("listening", socket.get().listening());
        json.writeStringField("localAddress", socket.get().localAddress());
        json.writeNumberField("localPort", socket.get().localPort());
        json.writeStringField("remoteAddress", socket.get().remoteAddress());
        json.writeNumberField("remotePort", socket.get().remotePort());
        json.writeEndObject();
    }
}
