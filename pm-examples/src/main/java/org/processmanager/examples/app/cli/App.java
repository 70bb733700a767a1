package org.processmanager.examples.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.examples.app.cli.option.GlobalOptions;
import org.processmanager.examples.app.cli.option.PathConverter;
import org.processmanager.examples.app.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The root command: builds the tree of subcommands, and turns whatever goes wrong in one of them into one line on standard
 * error and an exit code.
 */
@Command(
        name = "pm",
        description = {
            "Processes, messages between them, and what they share.",
            "",
            "Exit code: 1 if something failed, also if the answer cannot be written; 2 for bad usage or input; 3 if nothing"
                    + " is there. run has its own."
        },
        versionProvider = App.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class App implements Runnable {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Spec
    private @Nullable CommandSpec spec;

    App(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs one command line on the streams of this process. */
    public static int run(String... args) {
        return run(Terminal.ofThisProcess(), args);
    }

    static int run(Terminal terminal, String... args) {
        App app = new App(terminal);
        Journal journal = new Journal(terminal, app.options::log);
        CommandLine log = new CommandLine(new LogCommand()).addSubcommand(new LogCommand.Clear(terminal, journal));
        CommandLine shm = new CommandLine(new ShmCommand())
                .addSubcommand(new ShmCommand.Ls(terminal))
                .addSubcommand(new ShmCommand.Rm(terminal));
        CommandLine root = new CommandLine(app)
                .addSubcommand(new RunCommand(terminal, journal))
                .addSubcommand(new PsCommand(terminal))
                .addSubcommand(new SendCommand(terminal, journal))
                .addSubcommand(new RecvCommand(terminal, journal))
                .addSubcommand(new DemoCommand(terminal, journal))
                .addSubcommand(new LocksCommand(terminal))
                .addSubcommand(shm)
                .addSubcommand(new MenuCommand(terminal, journal))
                .addSubcommand(new EventsCommand(terminal, journal))
                .addSubcommand(new ReportCommand(terminal, journal))
                .addSubcommand(log)
                .addSubcommand(new HelpCommand())
                .setOut(new PrintWriter(terminal.out()))
                .setErr(new PrintWriter(terminal.err(), true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> app.refuse(e))
                .setExecutionExceptionHandler((e, commandLine, parsed) -> app.fail(e, commandLine));
        root.registerConverter(Path.class, new PathConverter());
        int code;
        try {
            code = root.execute(args);
        } finally {
            root.getOut().flush();
            terminal.flush();
        }
        return terminal.hasLostAnswer() ? codeOfFailure(root) : code;
    }

    /** Of the command that was given. */
    private static int codeOfFailure(CommandLine root) {
        CommandLine.ParseResult parsed = root.getParseResult();
        while (parsed != null && parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return parsed == null ? ExitCode.FAILED : parsed.commandSpec().exitCodeOnExecutionException();
    }

    /** Without a command there is nothing to do but say which there are. */
    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    private int refuse(ParameterException e) {
        if (options.debug()) {
            e.printStackTrace(terminal.err());
        }
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        StringBuilder line = new StringBuilder(e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> similar = unmatched.getSuggestions();
            if (!similar.isEmpty()) {
                line.append("; did you mean: ")
                        .append(String.join(", ", similar))
                        .append('?');
            }
        }
        terminal.complain(line + " (see " + command + " --help)");
        return ExitCode.BAD_INPUT;
    }

    private int fail(Exception e, CommandLine commandLine) {
        if (e instanceof ParameterException refused) {
            return refuse(refused);
        }
        if (options.debug()) {
            e.printStackTrace(terminal.err());
        }
        if (e instanceof InterruptedException) {
            return ExitCode.ofSignal(2);
        }
        terminal.complain(describe(e));
        return e instanceof CommandFailure failure
                ? failure.exitCode()
                : commandLine.getCommandSpec().exitCodeOnExecutionException();
    }

    /** Messages of our own say all; others need the name of their exception. */
    private static String describe(Exception e) {
        String message = e.getMessage();
        boolean ours = e instanceof CommandFailure
                || e instanceof ProcessManagerException
                || e instanceof UnsupportedOperationException;
        return ours && message != null ? message : e + " (--debug shows where)";
    }

    /** One line, from what the build wrote into the resources. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Properties properties = new Properties();
            try (InputStream in = App.class.getResourceAsStream("/pm-version.properties")) {
                if (in != null) {
                    properties.load(in);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new String[] {"pm " + properties.getProperty("version", "of an unknown version")};
        }
    }
}
