package org.processmanager.examples.app.cli.registry;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.menu.DetachedChild;
import org.processmanager.examples.app.menu.DetachedChild.ThreadRow;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pm thread}: the threads of a managed JVM. */
@Command(
        name = "thread",
        description = "Creates, lists and stops threads of a managed JVM, which pm start --jvm started.",
        synopsisSubcommandLabel = "COMMAND")
public final class ThreadCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    /** Returns the command with its subcommands. */
    public static CommandLine create(Terminal terminal, StartedProcesses started) {
        return new CommandLine(new ThreadCommand())
                .addSubcommand(new New(terminal, started))
                .addSubcommand(new Ls(terminal, started))
                .addSubcommand(new Stop(terminal, started));
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    /** A command on one JVM. */
    abstract static class InChild implements Callable<Integer> {
        final Terminal terminal;
        private final StartedProcesses started;

        @Option(names = "--in", paramLabel = "CHILD", description = "The managed JVM, by its name.")
        private @Nullable String child;

        InChild(Terminal terminal, StartedProcesses started) {
            this.terminal = terminal;
            this.started = started;
        }

        abstract void run(DetachedChild jvm) throws InterruptedException;

        @Override
        public Integer call() throws InterruptedException {
            if (child == null) {
                throw new CommandFailure(
                        ExitCode.BAD_INPUT,
                        "whose threads? --in CHILD names a managed JVM (pm start --jvm CHILD starts one); a thread of pm"
                                + " itself would end with this command: pm menu has those");
            }
            try (ProcessManager manager = ProcessManager.create()) {
                run(ManagedJvms.child(ManagedJvms.find(started, manager, child)));
                return ExitCode.OK;
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
            } catch (IllegalStateException e) {
                throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** {@code pm thread new}. */
    @Command(name = "new", description = "Creates a thread, which wakes up at intervals until it is stopped.")
    static final class New extends InChild {
        @Parameters(paramLabel = "NAME", description = "Its name.")
        private @Nullable String name;

        New(Terminal terminal, StartedProcesses started) {
            super(terminal, started);
        }

        @Override
        void run(DetachedChild jvm) throws InterruptedException {
            jvm.createThread(Objects.requireNonNull(name)).forEach(terminal::say);
        }
    }

    /** {@code pm thread stop}. */
    @Command(name = "stop", description = "Stops a thread; shows its stack if it does not terminate within 2 s.")
    static final class Stop extends InChild {
        @Parameters(paramLabel = "NAME", description = "Its name.")
        private @Nullable String name;

        Stop(Terminal terminal, StartedProcesses started) {
            super(terminal, started);
        }

        @Override
        void run(DetachedChild jvm) throws InterruptedException {
            jvm.stopThread(Objects.requireNonNull(name)).forEach(terminal::say);
        }
    }

    /** {@code pm thread ls}. */
    @Command(name = "ls", description = "Lists the threads.")
    static final class Ls extends InChild {
        private static final List<String> FIELDS = List.of("name", "javaId", "nativeId", "state", "cpu");

        @Mixin
        private OutputOptions output = new OutputOptions();

        Ls(Terminal terminal, StartedProcesses started) {
            super(terminal, started);
        }

        @Override
        void run(DetachedChild jvm) throws InterruptedException {
            List<ThreadRow> rows = jvm.threads();
            output.print(terminal, rows, Ls::write, () -> table(rows));
        }

        private static void write(JsonGenerator json, ThreadRow row) throws IOException {
            json.writeStartObject();
            for (int i = 0; i < FIELDS.size(); i++) {
                json.writeStringField(FIELDS.get(i), row.fields().get(i));
            }
            json.writeEndObject();
        }

        private static Table table(List<ThreadRow> rows) {
            Table table = new Table(ThreadRow.TITLES.toArray(String[]::new));
            rows.forEach(row -> table.row(row.fields().toArray(String[]::new)));
            return table;
        }
    }
}
