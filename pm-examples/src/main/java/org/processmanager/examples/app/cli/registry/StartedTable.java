package org.processmanager.examples.app.cli.registry;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.examples.app.cli.Json;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;

/** The list of the processes that {@code pm start} started. */
final class StartedTable {
    private StartedTable() {}

    static void print(StartedProcesses started, Terminal terminal, OutputOptions output) {
        Map<DetachedProcess, DetachedState> states = StartedProcesses.states(started.registry(ProcessManager.shared()));
        output.print(
                terminal,
                states.entrySet(),
                (json, entry) -> write(json, entry.getKey(), entry.getValue()),
                () -> table(states));
    }

    private static Table table(Map<DetachedProcess, DetachedState> states) {
        Table table = new Table("NAME", ">PID", "STATE", ">SINCE", ">RESTARTS", "COMMAND", "+DIRECTORY");
        states.forEach((process, state) -> table.row(
                process.name(),
                state.process()
                        .filter(identity -> state.isActive())
                        .map(identity -> Long.toString(identity.pid()))
                        .orElse("-"),
                StartedProcesses.text(state),
                StartedProcesses.since(state),
                Integer.toString(state.restarts()),
                String.join(" ", process.commandLine()),
                process.directory().toString()));
        return table;
    }

    private static void write(JsonGenerator json, DetachedProcess process, DetachedState state) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", process.name());
        Json.writeNumberField(
                json, "pid", state.process().map(identity -> identity.pid()).orElse(null));
        json.writeStringField("state", state.phase().name().toLowerCase(Locale.ROOT));
        json.writeStringField("startTime", state.started().toString());
        json.writeStringField("endTime", state.ended().map(Object::toString).orElse(null));
        json.writeNumberField("restarts", state.restarts());
        json.writeStringField("status", state.exitStatus().map(Object::toString).orElse(null));
        json.writeStringField("message", state.message());
        json.writeArrayFieldStart("command");
        for (String argument : process.commandLine()) {
            json.writeString(argument);
        }
        json.writeEndArray();
        json.writeStringField("directory", process.directory().toString());
        json.writeEndObject();
    }
}
