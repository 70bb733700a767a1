package org.processmanager.examples.app.cli.process;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pm ps}: the running processes of this machine. */
@Command(
        name = "ps",
        description = {
            "Lists the running processes.",
            "",
            "CPU%% is the processor time since the start, in percent of the time since then; MIB is resident memory. COMMAND is"
                    + " the program without its directory, and its arguments; [NAME] if they are not visible. JSON has all in"
                    + " full."
        })
public final class PsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--mine", description = "Only processes of the calling user.")
    private boolean mine;

    @Option(names = "--kernel-threads", description = "Also threads of the kernel.")
    private boolean kernelThreads;

    @Mixin
    private OutputOptions output = new OutputOptions();

    public PsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<ProcessSnapshot> all = ProcessTable.list();
        long self = ProcessHandle.current().pid();
        String user = all.stream()
                .filter(process -> process.pid() == self)
                .map(ProcessSnapshot::user)
                .findFirst()
                .orElse(System.getProperty("user.name"));
        List<ProcessSnapshot> shown = all.stream()
                .filter(process -> !mine || process.user().equals(user))
                .filter(process -> kernelThreads || !process.kernelThread())
                .sorted(Comparator.comparingLong(ProcessSnapshot::pid))
                .toList();
        if (output.json()) {
            Json.print(terminal.out(), json -> writeJson(json, shown));
        } else {
            table(shown).print(terminal.out(), terminal.columns());
        }
        return ExitCode.OK;
    }

    private static void writeJson(JsonGenerator json, List<ProcessSnapshot> processes) throws IOException {
        json.writeStartArray();
        for (ProcessSnapshot process : processes) {
            json.writeStartObject();
            json.writeNumberField("pid", process.pid());
            json.writeNumberField("parentPid", process.parentPid());
            json.writeStringField("name", process.name());
            json.writeStringField("state", stateText(process));
            json.writeStringField("user", process.user());
            json.writeNumberField("cpuPercent", Math.round(process.cpuPercent() * 10) / 10.0);
            json.writeNumberField("residentBytes", process.residentBytes());
            json.writeNumberField("threads", process.threads());
            json.writeStringField("startTime", process.startTime().toString());
            json.writeStringField("commandLine", process.commandLine());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static Table table(List<ProcessSnapshot> processes) {
        Table table = new Table(">PID", ">PARENT", "USER", "STATE", ">CPU%", ">MIB", "COMMAND");
        for (ProcessSnapshot process : processes) {
            table.row(
                    Long.toString(process.pid()),
                    Long.toString(process.parentPid()),
                    process.user(),
                    stateText(process),
                    String.format(Locale.ROOT, "%.1f", process.cpuPercent()),
                    String.format(Locale.ROOT, "%.1f", process.residentBytes() / 1048576.0),
                    command(process));
        }
        return table;
    }

    /** Returns the command line without the directory of the program, which would fill a narrow terminal. */
    private static String command(ProcessSnapshot process) {
        String line = process.commandLine();
        if (line.isEmpty()) {
            return "[" + process.name() + "]";
        }
        int end = line.indexOf(' ');
        String program = end < 0 ? line : line.substring(0, end);
        return program.startsWith("/") && !program.endsWith("/") ? line.substring(program.lastIndexOf('/') + 1) : line;
    }

    private static String stateText(ProcessSnapshot process) {
        return process.state().toString().toLowerCase(Locale.ROOT);
    }
}
