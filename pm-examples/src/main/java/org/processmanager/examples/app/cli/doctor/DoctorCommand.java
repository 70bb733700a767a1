package org.processmanager.examples.app.cli.doctor;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.doctor.Finding.State;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pm doctor}: what works on this machine. */
@Command(
        name = "doctor",
        description = {
            "Checks what works on this machine and what does not, why, and says what to do.",
            "",
            "limited: pm works, but something is slower or missing. failed: pm does not work. For channels see pm channel"
                    + " doctor.",
            "",
            "Exit code 1 if something has failed."
        })
public final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final NamedProcesses named;

    @Mixin
    private OutputOptions output = new OutputOptions();

    public DoctorCommand(Terminal terminal, NamedProcesses named) {
        this.terminal = terminal;
        this.named = named;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Finding> findings = new ArrayList<>(SystemChecks.run());
        findings.addAll(StateChecks.run(named));
        output.print(terminal, findings, DoctorCommand::writeTo, () -> table(findings));
        if (!output.isForPrograms()) {
            for (Finding finding : findings) {
                if (!finding.advice().isEmpty()) {
                    terminal.say(finding.name() + ": " + finding.advice());
                }
            }
        }
        return findings.stream().anyMatch(finding -> finding.state() == State.FAILED) ? ExitCode.FAILED : ExitCode.OK;
    }

    private static void writeTo(JsonGenerator json, Finding finding) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", finding.name());
        json.writeStringField("state", text(finding.state()));
        json.writeStringField("found", finding.found());
        json.writeStringField("advice", finding.advice());
        json.writeEndObject();
    }

    private static Table table(List<Finding> findings) {
        Table table = new Table("CHECK", "STATE", "FOUND");
        findings.forEach(finding -> table.row(finding.name(), text(finding.state()), finding.found()));
        return table;
    }

    private static String text(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
