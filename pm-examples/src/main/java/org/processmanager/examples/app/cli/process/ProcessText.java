package org.processmanager.examples.app.cli.process;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.processmanager.core.monitor.ProcessSnapshot;

/** A process in tables and answers. */
public final class ProcessText {
    private static final double MIB = 1 << 20;
    private static final int USER_COLUMNS = 8;

    private ProcessText() {}

    /**
     * Returns the command line without what would fill a narrow terminal: the directory of the program, and the options of a
     * JVM.
     */
    public static String command(ProcessSnapshot process) {
        String line = process.commandLine();
        if (line.isEmpty()) {
            return "[" + process.name() + "]";
        }
        int end = line.indexOf(' ');
        String program = end < 0 ? line : line.substring(0, end);
        String name = program.startsWith("/") && !program.endsWith("/")
                ? program.substring(program.lastIndexOf('/') + 1)
                : program;
        String main = process.mainClass().orElse("");
        int from = main.isEmpty() ? -1 : line.indexOf(" " + main, program.length());
        return from >= 0 ? name + line.substring(from) : name + line.substring(program.length());
    }

    public static String state(ProcessSnapshot process) {
        return state(process.state());
    }

    public static String state(ProcessSnapshot.State state) {
        return state.toString().toLowerCase(Locale.ROOT);
    }

    /** Returns the user, cut to eight characters, with {@code +} for what is missing. */
    public static String user(ProcessSnapshot process) {
        String user = process.user();
        return user.length() <= USER_COLUMNS ? user : user.substring(0, USER_COLUMNS - 1) + "+";
    }

    /** Returns the space before a command at a depth of a tree. */
    public static String indent(int depth) {
        return "  ".repeat(depth);
    }

    public static String percent(double percent) {
        return tenths(Math.round(percent * 10));
    }

    public static String mebibytes(long bytes) {
        return tenths(Math.round(bytes / MIB * 10));
    }

    /** A format would take a good part of the time of a list. */
    private static String tenths(long tenths) {
        return tenths / 10 + "." + tenths % 10;
    }

    /** Writes the fields of a process into an object that is open. */
    public static void writeFields(JsonGenerator json, ProcessSnapshot process, double cpuPercent) throws IOException {
        json.writeNumberField("pid", process.pid());
        json.writeNumberField("parentPid", process.parentPid());
        json.writeStringField("name", process.name());
        json.writeStringField("state", state(process));
        json.writeStringField("user", process.user());
        json.writeNumberField("cpuPercent", Math.round(cpuPercent * 10) / 10.0);
        json.writeNumberField("cpuMillis", process.cpuTime().toMillis());
        json.writeNumberField("residentBytes", process.residentBytes());
        json.writeNumberField("threads", process.threads());
        json.writeStringField("startTime", process.startTime().toString());
        json.writeStringField("mainClass", process.mainClass().orElse(null));
        json.writeStringField("commandLine", process.commandLine());
    }
}
